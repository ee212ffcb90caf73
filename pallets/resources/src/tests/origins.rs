// SPDX-License-Identifier: Apache-2.0
//! Which call whose signature carries: every call, tried by everyone.

use frame_support::{assert_ok, traits::UnfilteredDispatchable};
use sp_runtime::DispatchError;

use super::*;
use crate::{Call, Error};

const OUTSIDER: MemberId = 3;
const REMOVED: MemberId = 4;
const FROZEN: MemberId = 5;
/// The account of the contract that governs.
const CONSTITUTION: Account = 7_000;

/// Everyone who may try, and who they are.
fn everyone() -> Vec<(&'static str, RuntimeOrigin)> {
    vec![
        ("none", RuntimeOrigin::none()),
        ("root", RuntimeOrigin::root()),
        ("constitution", RuntimeOrigin::signed(CONSTITUTION)),
        ("stranger", RuntimeOrigin::signed(1)),
        ("candidate", signed(CANDIDATE)),
        ("lapsed or removed", signed(REMOVED)),
        ("frozen", RuntimeOrigin::signed(account(FROZEN))),
        ("member", signed(OUTSIDER)),
        ("reader", signed(BOB)),
        ("whom it is offered to", signed(CAROL)),
        ("owner", signed(ALICE)),
    ]
}

/// Who may do what to a resource of Alice's, which Bob reads and which Carol is offered.
fn calls(resource: ResourceId) -> Vec<(Call<Test>, &'static [&'static str])> {
    const MEMBERS: &[&str] = &["member", "reader", "whom it is offered to", "owner"];
    const OWNER: &[&str] = &["owner"];
    vec![
        (Call::init { kind: Kind::File, visibility: Visibility::Private, name: None }, MEMBERS),
        (Call::publish { resource, number: 1, epoch: 0, content: content(1), commitment: commitment(1) }, OWNER),
        (Call::refresh { resource }, &["reader", "owner"]),
        (Call::subscribe { resource }, &["member", "whom it is offered to", "owner"]),
        (Call::unsubscribe { resource }, &["reader"]),
        (Call::grant { resource, reader: CAROL, epoch: 0, wrapped_key: key(1) }, OWNER),
        (Call::revoke_grant { resource, reader: BOB }, OWNER),
        (Call::transfer { resource, new_owner: None }, OWNER),
        (Call::retire { resource }, OWNER),
        (Call::set_name { resource, name: Some(name("garden")) }, OWNER),
        (Call::accept_transfer { resource }, &["whom it is offered to"]),
        (Call::return_key { resource, reader: ALICE, epoch: 0, wrapped_key: key(1) }, &["reader"]),
        (Call::reject_key { resource, epoch: 0 }, &["reader"]),
    ]
}

/// A resource as [`calls`] has it.
fn scene(owner: MemberId) -> ResourceId {
    let id = made(owner, Visibility::Private, None);
    assert_ok!(grant(owner, id, BOB, 0));
    assert_ok!(Resources::subscribe(signed(BOB), id));
    assert_ok!(Resources::transfer(signed(owner), id, Some(CAROL)));
    id
}

#[test]
fn each_call_is_open_to_those_it_names_and_to_nobody_else() {
    let count = <Call<Test> as frame_support::traits::GetCallName>::get_call_names().len();
    assert_eq!(calls(0).len(), count, "every call is in the table");
    for index in 0..count {
        for (who, origin) in everyone() {
            build_and_execute(|| {
                let id = scene(ALICE);
                depart(REMOVED);
                let (call, allowed) = calls(id).swap_remove(index);
                let (retires, shown) = (matches!(call, Call::retire { .. }), format!("{call:?} by {who}"));
                Frozen::mutate(|frozen| frozen.insert(FROZEN));
                let outcome = call.dispatch_bypass_filter(origin);
                Frozen::mutate(|frozen| frozen.clear());
                assert_eq!(outcome.is_ok(), allowed.contains(&who), "{shown}: {outcome:?}");
                let refused = outcome.err().map(|refusal| refusal.error);
                match who {
                    "none" | "root" => assert_eq!(refused, Some(DispatchError::BadOrigin), "{shown}"),
                    "member" | "reader" | "whom it is offered to" | "owner" => (),
                    // In any standing one may give up what is one's own; this is not theirs.
                    "candidate" | "lapsed or removed" if retires => {
                        assert_eq!(refused, Some(Error::<Test>::NotOwner.into()), "{shown}")
                    }
                    _ => assert_eq!(refused, Some(Error::<Test>::NotMember.into()), "{shown}"),
                }
            });
        }
    }
}

/// Those who own but do not belong, or whose key is frozen: a former member may still give up what is theirs.
#[test]
fn who_is_out_of_standing_does_nothing_with_their_own_but_give_it_up() {
    for index in 0..calls(0).len() {
        build_and_execute(|| {
            let (left, frozen) = (scene(REMOVED), scene(FROZEN));
            depart(REMOVED);
            let (call, _) = calls(left).swap_remove(index);
            let retires = matches!(call, Call::retire { .. });
            assert_eq!(call.dispatch_bypass_filter(signed(REMOVED)).is_ok(), retires);
            let (call, _) = calls(frozen).swap_remove(index);
            let origin = signed(FROZEN);
            Frozen::mutate(|people| people.insert(FROZEN));
            let outcome = call.dispatch_bypass_filter(origin);
            Frozen::mutate(|people| people.clear());
            assert_eq!(outcome.map_err(|refusal| refusal.error).err(), Some(Error::<Test>::NotMember.into()));
        });
    }
}
