// SPDX-License-Identifier: Apache-2.0
//! Which status, code and words does each failure get?

use http::StatusCode;

use super::{Failure, Refusal, WRONG_HOST};
use crate::ports::{OpenError, ReadError};

/// Headers that some answers carry besides.
type Extra = &'static [(&'static str, &'static str)];
const CLOSE: Extra = &[("connection", "close")];
const CHANGES: Extra = &[("allow", "GET, HEAD, POST, PUT, PATCH, DELETE"), ("connection", "close")];
const READS: Extra = &[("allow", "GET, HEAD")];
const SOON: Extra = &[("retry-after", "1")];
const LATER: Extra = &[("retry-after", "10")];
/// What is locked is also taken out of the browser's cache.
const LOCKED: Extra = &[("www-authenticate", "Kith"), ("clear-site-data", "\"cache\"")];

/// What a page or a program learns.
pub(super) struct Problem {
    pub(super) status: StatusCode,
    /// Stable, for programs.
    pub(super) code: &'static str,
    pub(super) title: &'static str,
    pub(super) text: String,
    /// Whether asking again can help.
    pub(super) again: bool,
    pub(super) headers: Extra,
}

impl Problem {
    fn new(status: StatusCode, code: &'static str, title: &'static str, text: impl Into<String>) -> Self {
        Self { status, code, title, text: text.into(), again: false, headers: &[] }
    }

    fn again(mut self) -> Self {
        self.again = true;
        self
    }

    fn with(mut self, headers: Extra) -> Self {
        self.headers = headers;
        self
    }
}

/// What is said about a failure.
pub(super) fn of(failure: &Failure) -> Problem {
    match failure {
        Failure::Refused(refusal) => refused(*refusal),
        Failure::Open(error) => not_opened(error),
        Failure::Read(error) => not_read(error),
    }
}

fn refused(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::WrongHost => {
            Problem::new(StatusCode::MISDIRECTED_REQUEST, "wrong_host", "Misdirected request", WRONG_HOST)
        }
        Refusal::OldProtocol => {
            let text = "Only HTTP/1.1 is spoken here.";
            Problem::new(StatusCode::HTTP_VERSION_NOT_SUPPORTED, "http_version", "Too old a protocol", text).with(CLOSE)
        }
        Refusal::LengthRequired => {
            let text = "A request with a body states its length in Content-Length.";
            Problem::new(StatusCode::LENGTH_REQUIRED, "length_required", "Length required", text).with(CLOSE)
        }
        Refusal::UnexpectedBody => {
            let text = "A request that only reads has no body.";
            Problem::new(StatusCode::BAD_REQUEST, "unexpected_body", "Unexpected body", text).with(CLOSE)
        }
        Refusal::BodyTooLarge => {
            let text = "The request's body is larger than any call needs.";
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", "Too large", text).with(CLOSE)
        }
        Refusal::BodyTooSlow => {
            let text = "The request's body did not arrive in time.";
            Problem::new(StatusCode::REQUEST_TIMEOUT, "body_too_slow", "Too slow", text).with(CLOSE)
        }
        Refusal::MethodNotAllowed => {
            let text = "This method is not offered.";
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "Not offered", text).with(CHANGES)
        }
        Refusal::ReadOnly => {
            let text = "Resources are read here, not changed. Their owner publishes a new version with the companion.";
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "read_only", "Read only", text).with(READS)
        }
        Refusal::CrossOrigin => {
            let text = "Another site asked for this. Open it in a tab of its own.";
            Problem::new(StatusCode::FORBIDDEN, "cross_origin", "Asked from elsewhere", text)
        }
        Refusal::NotJson => {
            let text = "A change is asked for with the content type application/json.";
            Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json", "Not JSON", text)
        }
        Refusal::ServiceWorker => {
            let text = "Service workers are not offered: they would stand between this page and your companion.";
            Problem::new(StatusCode::FORBIDDEN, "service_worker", "No service workers", text)
        }
        Refusal::BadPath => {
            let text = "No file can have this path. Check the link.";
            Problem::new(StatusCode::BAD_REQUEST, "bad_path", "Not a path", text)
        }
        Refusal::NoSuchPage => {
            let text = "There is nothing at this address. Check the link.";
            Problem::new(StatusCode::NOT_FOUND, "no_such_page", "Nothing here", text)
        }
        Refusal::NoIndex => {
            let text = "This folder has no index.html, so there is no page to show. Ask for one of its files by name.";
            Problem::new(StatusCode::NOT_FOUND, "no_index", "A folder without a page", text)
        }
        Refusal::TooBusy => {
            let text = "Too much is being opened at once. Try again in a moment.";
            Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_busy", "One moment", text).again().with(SOON)
        }
        Refusal::TooLate => {
            let text = "Nothing arrived in time. The members who keep this may be offline: try again later.";
            Problem::new(StatusCode::GATEWAY_TIMEOUT, "too_late", "No answer yet", text).again()
        }
    }
}

fn not_opened(error: &OpenError) -> Problem {
    match error {
        // One answer for both, or a stranger could ask which private resources exist.
        OpenError::NoSuchName { name } | OpenError::NotGranted { name } => {
            let text = format!(
                "Nothing called “{name}” is open to you. Either nobody has published under this name, or it has not been shared \
                 with you. Check the spelling, or ask whoever sent you the link to grant it to you."
            );
            Problem::new(StatusCode::NOT_FOUND, "not_open_to_you", "Nothing open to you here", text)
        }
        OpenError::NotMember => {
            let text = "Only members open resources, and this device belongs to no active member. Apply, and ask members who know \
                        you to vouch for you.";
            Problem::new(StatusCode::FORBIDDEN, "not_a_member", "For members", text)
        }
        OpenError::Barred => {
            let text = "Your key is frozen, or you have another by now, so this one opens nothing. Your guardians can unfreeze it, \
                        or give you a new one with kith recover.";
            Problem::new(StatusCode::FORBIDDEN, "barred", "Your key counts for nothing", text)
        }
        OpenError::KeyAwaited { name } => {
            let text = format!(
                "You may read “{name}”, but its key has not reached you: it was not wrapped for you yet, or for keys you no \
                 longer have. The companion of its owner hands it over as soon as it runs, and so may that of another reader. \
                 Try again later, or ask the owner to start theirs."
            );
            let title = "Your key is not here yet";
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "key_awaited", title, text).again().with(LATER)
        }
        OpenError::OtherKey { name } => {
            let text = format!(
                "The key you were given is not the one “{name}” was encrypted with. Your companion asks for the right one: try \
                 again later. If that does not help, ask whoever published it to do so anew."
            );
            Problem::new(StatusCode::BAD_GATEWAY, "other_key", "Not the right key", text).again().with(LATER)
        }
        OpenError::Locked => locked(),
        // Where the node should be is not a page's to know.
        OpenError::NodeAway { .. } => {
            let text = "Your companion gets no answer from its node, and opens nothing without asking it what you may read. Start the \
                        node, or start kith up anew with --node and the address of another; then try again.";
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "node_away", "Your node is away", text).again().with(LATER)
        }
        OpenError::Stale { seconds } => {
            let text = format!(
                "Your companion last heard from the community {seconds} seconds ago, and opens nothing on rights that may have \
                 changed since. See that your node is running and online; then try again."
            );
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "stale", "Out of touch", text).again().with(LATER)
        }
        OpenError::Corrupt { .. } => corrupt(),
        OpenError::Unavailable { peers, seconds } => unavailable(*peers, *seconds),
        OpenError::Internal { .. } => internal(),
    }
}

fn not_read(error: &ReadError) -> Problem {
    match error {
        ReadError::NoSuchPath { .. } => {
            let text = "This resource has no such file. Check the link; its owner may have moved it.";
            Problem::new(StatusCode::NOT_FOUND, "no_such_path", "No such file", text)
        }
        ReadError::Corrupt { .. } => corrupt(),
        ReadError::Unavailable { peers, seconds } => unavailable(*peers, *seconds),
        ReadError::Locked => locked(),
        ReadError::Internal { .. } => internal(),
    }
}

fn locked() -> Problem {
    let text = "This is encrypted, and your keys are locked. Unlock your companion, then try again.";
    Problem::new(StatusCode::UNAUTHORIZED, "locked", "Your keys are locked", text).again().with(LOCKED)
}

fn corrupt() -> Problem {
    let text =
        "What arrived is not what was published, so it was thrown away and nothing of it is shown. Try again: another \
                member may hold a sound copy.";
    Problem::new(StatusCode::BAD_GATEWAY, "corrupt", "Damaged on the way", text).again()
}

fn unavailable(peers: usize, seconds: u64) -> Problem {
    let asked = match peers {
        0 => "No member who keeps this is connected".to_owned(),
        1 => format!("The one member device asked did not deliver this within {seconds} seconds"),
        _ => format!("None of the {peers} member devices asked delivered this within {seconds} seconds"),
    };
    let text = format!("{asked}. They may be offline: try again later.");
    Problem::new(StatusCode::GATEWAY_TIMEOUT, "unavailable", "Nobody delivers this now", text).again()
}

fn internal() -> Problem {
    let text = "Your companion could not do this. Its log says why.";
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something failed", text).again()
}
