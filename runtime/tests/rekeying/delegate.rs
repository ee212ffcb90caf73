// SPDX-License-Identifier: Apache-2.0
//! What a delegate of the new key can do with the places of the former account.

use frame_support::assert_ok;
use kith_primitives::parameters::UNIT;
use kith_runtime::{configs::ProxyType, Balances, Proxy, Runtime, RuntimeCall};
use sp_keyring::Sr25519Keyring::{self, Alice, Dave, Eve, Ferdie, One};

use crate::{account, development, origin, payment, rekey, transaction::send};

fn in_the_name_of(who: Sr25519Keyring, call: impl Into<RuntimeCall>) -> pallet_proxy::Call<Runtime> {
    pallet_proxy::Call::proxy { real: account(who).into(), force_proxy_type: None, call: Box::new(call.into()) }
}

/// A case of polkadot-ecosystem-tests pull request 602: the account that was recovered is controlled through a proxy.
#[test]
fn pet602_a_delegate_of_the_new_key_for_anything_acts_as_the_former_account() {
    development().execute_with(|| {
        assert_ok!(Proxy::add_proxy(origin(Eve), account(Alice).into(), ProxyType::Any, 0));
        rekey(One);
        let as_former = pallet_kith_membership::Call::<Runtime>::as_former {
            former: account(Alice),
            call: Box::new(in_the_name_of(Eve, payment()).into()),
        };
        let by_delegate = || in_the_name_of(One, as_former.clone());
        let paid = Balances::free_balance(account(Ferdie));
        // Dave is nobody's delegate yet, and then one for resources only.
        assert!(send(Dave, by_delegate()).expect("his key is good").is_err());
        assert_ok!(Proxy::add_proxy(origin(One), account(Dave).into(), ProxyType::Resources, 0));
        assert_ok!(send(Dave, by_delegate()).expect("his key is good"));
        assert_eq!(Balances::free_balance(account(Ferdie)), paid, "it was refused within");

        assert_ok!(Proxy::add_proxy(origin(One), account(Dave).into(), ProxyType::Any, 0));
        assert_ok!(Proxy::remove_proxy(origin(One), account(Dave).into(), ProxyType::Resources, 0));
        assert_ok!(send(Dave, by_delegate()).expect("his key is good"));
        assert_eq!(Balances::free_balance(account(Ferdie)), paid + UNIT);
    });
}
