// SPDX-License-Identifier: Apache-2.0
//! `kith doctor`: what works, what does not, and how to mend it.

use std::os::unix::fs::PermissionsExt;

use kith_keyring::Keyring;
use kith_primitives::{member::Standing, AccountId};
use serde_json::json;

use super::Context;
use crate::{
    control::Request,
    people::behind,
    report::{Done, Failure, Kind},
};

/// Why the doctor is not content.
#[derive(Debug, thiserror::Error)]
#[error("{faults} of {all} things are not as they should be. Mend the first, which may be the cause of others")]
struct Unwell {
    faults: usize,
    all: usize,
}

/// One thing looked at.
struct Finding {
    what: &'static str,
    /// What is wrong and how to mend it, if anything is.
    fault: Option<String>,
}

pub(super) async fn run(context: &Context) -> Result<Done, Failure> {
    let mut findings = vec![home(context), keys(context), community(context)];
    let (node, standing) = chain(context).await;
    findings.extend([node, standing, companion(context).await]);
    tell(&findings)
}

/// All that was found; a failure if anything is wrong.
fn tell(findings: &[Finding]) -> Result<Done, Failure> {
    let lines: Vec<String> = findings
        .iter()
        .map(|finding| match &finding.fault {
            None => format!("✓ {}", finding.what),
            Some(fault) => format!("✗ {}: {fault}", finding.what),
        })
        .collect();
    let data: Vec<_> = findings.iter().map(|f| json!({ "what": f.what, "fault": f.fault })).collect();
    let faults = findings.iter().filter(|finding| finding.fault.is_some()).count();
    let told = Done::new(lines.join("\n"), json!({ "healthy": faults == 0, "findings": data }));
    if faults == 0 {
        return Ok(told);
    }
    Err(Failure::of(Kind::Other, Unwell { faults, all: findings.len() }).with_answer(told))
}

fn home(context: &Context) -> Finding {
    let path = context.home.path();
    let fault = match std::fs::metadata(path) {
        Err(cause) => Some(format!("{} cannot be read: {cause}. Run `kith init`", path.display())),
        Ok(about) if about.permissions().mode() & 0o077 != 0 => {
            Some(format!("others can look into {0}. Run `chmod 700 {0}`", path.display()))
        }
        Ok(_) => None,
    };
    Finding { what: "your folder is yours alone", fault }
}

fn keys(context: &Context) -> Finding {
    Finding {
        what: "your keys are there",
        fault: Keyring::open(&context.home.keys()).err().map(|cause| cause.to_string()),
    }
}

fn community(context: &Context) -> Finding {
    let unknown = context.settings.genesis.is_none();
    let fault = unknown.then(|| "run `kith init --community <chain specification>`".to_owned());
    Finding { what: "this machine knows its community", fault }
}

async fn chain(context: &Context) -> (Finding, Finding) {
    let (node, standing) = ("the node answers and finalises", "you are a member");
    let found = |what, fault| Finding { what, fault };
    let view = match context.chain().await {
        Ok(chain) => chain.view().await.map_err(Failure::from),
        Err(failure) => Err(failure),
    };
    let view = match view {
        Ok(view) if view.block().number > 0 => view,
        Ok(_) => {
            let fault = "it has finalised nothing yet. Wait a minute; then see that two thirds of the validators run";
            return (found(node, Some(fault.into())), found(standing, Some("unknown while nothing is final".into())));
        }
        Err(failure) => {
            return (found(node, Some(failure.to_string())), found(standing, Some("unknown without a node".into())));
        }
    };
    let account = Keyring::open(&context.home.keys()).map(|keys| AccountId::new(keys.account_id()));
    let me = match account {
        Ok(account) => behind(&view, &account).await.ok().flatten(),
        Err(_) => None,
    };
    let fault = match me {
        Some(me) if me.frozen => Some(
            "your key is frozen. Ask your guardians to unfreeze it, or to give you a new one: `kith recover`".into(),
        ),
        Some(me) if me.standing == Standing::Member => None,
        Some(me) => {
            Some(format!("you have {} vouches. Ask members who know you to vouch for person {}", me.vouches, me.id))
        }
        None => Some("the community does not know you. Run `kith apply` and ask a member to sponsor you".into()),
    };
    (found(node, None), found(standing, fault))
}

async fn companion(context: &Context) -> Finding {
    let fault = match context.ask(&Request::Status).await {
        Err(failure) => Some(failure.to_string()),
        Ok(done) if done.data["store"]["peers"] == 0 => {
            Some("its store is connected to no other member. See that your node runs with its store".into())
        }
        Ok(_) => None,
    };
    Finding { what: "the companion runs and is connected", fault }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::answer;

    #[test]
    fn one_fault_makes_a_failure_of_what_was_found_and_hides_none_of_it() {
        let well = || Finding { what: "your keys are there", fault: None };
        let done = tell(&[well(), well()]).unwrap();
        assert_eq!(done.data["healthy"], true);
        let ill = Finding { what: "the node answers", fault: Some("start it".into()) };
        let outcome = tell(&[well(), ill]);
        assert_eq!(answer(&outcome, false), "✓ your keys are there\n✗ the node answers: start it");
        let data: serde_json::Value = serde_json::from_str(&answer(&outcome, true)).unwrap();
        assert_eq!(data["healthy"], false);
        assert_eq!(data["findings"][0], json!({ "what": "your keys are there", "fault": null }));
        assert_eq!(data["findings"][1], json!({ "what": "the node answers", "fault": "start it" }));
        let failure = outcome.unwrap_err();
        assert_eq!(failure.kind(), Kind::Other);
        assert!(failure.to_string().starts_with("1 of 2 things"), "{failure}");
    }
}
