// SPDX-License-Identifier: Apache-2.0
//! Who may make which call: every call, by everybody there is.

use frame_support::{assert_noop, assert_ok, storage::with_transaction};
use kith_primitives::{glue::Admission, recovery::MotionId};
use sp_runtime::{DispatchError, DispatchResult, TransactionOutcome};

use crate::{mock::guarded::*, mock::*, *};

/// Everybody who may send a call.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Who {
    Unsigned,
    Constitution,
    Stranger,
    Candidate,
    Lapsed,
    Frozen,
    Removed,
    Member,
    Guardian,
    Owner,
    FormerKey,
}

use Who::{Candidate, Constitution, FormerKey, Frozen, Guardian, Lapsed, Member, Owner, Removed, Stranger, Unsigned};

const ALL: [Who; 11] =
    [Unsigned, Constitution, Stranger, Candidate, Lapsed, Frozen, Removed, Member, Guardian, Owner, FormerKey];

impl Who {
    fn account(self) -> u8 {
        match self {
            Unsigned | Constitution | Stranger => 77,
            Candidate => 20,
            Lapsed => 6,
            Frozen => 7,
            Removed => 8,
            Member => 5,
            Guardian => 4,
            Owner => 30,
            FormerKey => 0,
        }
    }

    fn origin(self) -> RuntimeOrigin {
        match self {
            Unsigned => RuntimeOrigin::none(),
            Constitution => RuntimeOrigin::root(),
            _ => signed(self.account()),
        }
    }
}

/// Everybody is there: the owner is person 0, who had another key before, and whose guardians are 1 to 4. Two motions are
/// about them: one agreed and due, one that lapsed.
fn everybody(test: impl FnOnce(MotionId, MotionId)) {
    Params::set(rules());
    FirstVouches::set((1..=4).map(|guardian| (guardian, 0)).collect());
    execute_founded(9, || {
        (0..9).for_each(|n| fund(n, FUNDS));
        crate::mock::sponsor(20);
        rekey(30);
        Membership::lapse(6);
        assert_ok!(revoke(7));
        assert_ok!(Membership::leave(signed(8)));
        let lapsed = open(1, 0, ProposalFor::Freeze);
        pass(PERIOD - DELAY);
        let due = open(1, 0, new_key(0, 31));
        assert_ok!(approve(2, 0, due));
        assert_ok!(approve(3, 0, due));
        pass(DELAY);
        test(due, lapsed);
    });
}

/// Makes the call as each of them; `outcome` says what each gets.
fn table(made: impl Fn(Who) -> Call<Test>, outcome: impl Fn(Who) -> DispatchResult) {
    for who in ALL {
        let call = || call(who.origin(), made(who));
        match outcome(who) {
            // What succeeds is undone, for the next.
            Ok(()) => assert_eq!(with_transaction(|| TransactionOutcome::Rollback(call())), Ok(()), "{who:?}"),
            Err(error) => {
                assert_noop!(call(), error);
            }
        }
    }
}

type Refused = Error<Test>;

/// The tests below, by name: one for each call.
const TABLES: [&str; 15] = [
    "sponsor",
    "bind_device",
    "unbind_device",
    "leave",
    "force_remove",
    "prune_candidate",
    "submit_certificate",
    "choose_guardians",
    "open_motion",
    "approve_motion",
    "complete_motion",
    "veto_motion",
    "close_motion",
    "revoke_key",
    "as_former",
];

#[test]
fn every_call_has_its_table() {
    assert_eq!(<Call<Test> as frame_support::traits::GetCallName>::get_call_names(), TABLES);
}

/// What everybody gets from a call that active members make.
fn members_only(who: Who) -> DispatchResult {
    match who {
        Unsigned | Constitution => Err(DispatchError::BadOrigin),
        Stranger | Candidate | Lapsed | Removed | FormerKey => Err(Refused::NotMember.into()),
        Frozen => Err(Refused::KeyFrozen.into()),
        Member | Guardian | Owner => Ok(()),
    }
}

/// What everybody gets from a call that is made for oneself, in any standing.
fn people_only(who: Who) -> DispatchResult {
    match who {
        Unsigned | Constitution => Err(DispatchError::BadOrigin),
        Stranger | FormerKey => Err(Refused::NotFound.into()),
        Frozen => Err(Refused::KeyFrozen.into()),
        _ => Ok(()),
    }
}

/// What everybody gets from a call that anybody makes who signs.
fn anyone(who: Who) -> DispatchResult {
    match who {
        Unsigned | Constitution => Err(DispatchError::BadOrigin),
        _ => Ok(()),
    }
}

#[test]
fn sponsor() {
    let application = || application(33);
    everybody(|_, _| {
        let made = |_| Call::sponsor { signature: sign(33, &application()), application: application() };
        table(made, members_only);
    });
}

#[test]
fn bind_device() {
    everybody(|_, _| {
        let made = |who: Who| {
            let (device, signature) = device(3, who.account());
            Call::bind_device { device, signature }
        };
        table(made, members_only);
    });
}

#[test]
fn unbind_device() {
    everybody(|_, _| {
        for (n, who) in (0..).zip([Lapsed, Removed, Frozen, Member, Guardian, Owner]) {
            let person = PersonOf::<Test>::get(account(who.account())).unwrap();
            Pallet::<Test>::insert_device(person, device(n, 0).0);
        }
        let made = |who: Who| {
            let person = PersonOf::<Test>::get(account(who.account()));
            let device = person.and_then(|person| Membership::devices_of(person).pop());
            Call::unbind_device { device: device.unwrap_or(DeviceId([9; 32])) }
        };
        let outcome = |who| if who == Candidate { Err(Refused::NotFound.into()) } else { people_only(who) };
        table(made, outcome);
    });
}

#[test]
fn leave() {
    let outcome = |who| if who == Removed { Err(Refused::AlreadyRemoved.into()) } else { people_only(who) };
    everybody(|_, _| table(|_| Call::leave {}, outcome));
}

#[test]
fn force_remove() {
    let outcome = |who| if who == Constitution { Ok(()) } else { Err(DispatchError::BadOrigin) };
    everybody(|_, _| table(|_| Call::force_remove { person: 5 }, outcome));
}

#[test]
fn prune_candidate() {
    everybody(|_, _| {
        let id = PersonOf::<Test>::get(account(20)).unwrap();
        System::set_block_number(People::<Test>::get(id).unwrap().candidate_until.unwrap());
        table(|_| Call::prune_candidate { person: id }, anyone);
    });
}

#[test]
fn submit_certificate() {
    everybody(|_, _| {
        let certificate =
            CertificateFor { application: application(33), nonce: [0; 16], expires: System::block_number() + 5 };
        let payload = certificate.signing_payload();
        let signatures: Vec<_> = (1..4).map(|n| (account(n), signature(n, &payload))).collect();
        let made = |_| Call::submit_certificate {
            application_signature: sign(33, &certificate.application),
            certificate: certificate.clone(),
            signatures: signatures.clone().try_into().unwrap(),
        };
        table(made, anyone);
    });
}

#[test]
fn choose_guardians() {
    everybody(|_, _| table(|_| Call::choose_guardians { guardians: Default::default() }, members_only));
}

/// What everybody gets from a call that guardians make.
fn guardians_only(who: Who) -> DispatchResult {
    match who {
        Member | Owner => Err(Refused::NotGuardian.into()),
        _ => members_only(who),
    }
}

#[test]
fn open_motion() {
    everybody(|_, _| {
        table(|_| Call::open_motion { person: 0, proposal: ProposalFor::Freeze }, guardians_only);
        table(|_| Call::open_motion { person: 0, proposal: new_key(0, 32) }, guardians_only);
    });
}

#[test]
fn approve_motion() {
    everybody(|_, _| {
        let motion = open(1, 0, ProposalFor::Freeze);
        table(|_| Call::approve_motion { person: 0, motion }, guardians_only);
    });
}

#[test]
fn complete_motion() {
    everybody(|motion, _| table(|_| Call::complete_motion { person: 0, motion }, anyone));
}

#[test]
fn veto_motion() {
    let outcome = |who| match who {
        Candidate | Lapsed | Removed | Member | Guardian => Err(Refused::NotFound.into()),
        _ => people_only(who),
    };
    everybody(|motion, _| table(|_| Call::veto_motion { motion }, outcome));
}

#[test]
fn close_motion() {
    everybody(|_, motion| table(|_| Call::close_motion { person: 0, motion }, anyone));
}

#[test]
fn revoke_key() {
    everybody(|_, _| table(|_| Call::revoke_key { account: account(5), signature: revocation(5) }, anyone));
}

#[test]
fn as_former() {
    let outcome = |who| match who {
        Candidate | Lapsed | Member | Guardian => Err(Refused::NotFormer.into()),
        Removed => Err(Refused::AlreadyRemoved.into()),
        _ => people_only(who),
    };
    everybody(|_, _| {
        let remark = || Box::new(frame_system::Call::remark_with_event { remark: vec![] }.into());
        table(|_| Call::as_former { former: account(0), call: remark() }, outcome);
    });
}
