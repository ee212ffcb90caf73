// SPDX-License-Identifier: Apache-2.0
//! What the dashboard asks: one state, behind a token.

use std::{
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
    sync::Arc,
};

use axum::{
    extract::{Path as Segment, State},
    http::{header, HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
    Json, Router,
};
use rand::RngCore;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{Parts, UpError};
use crate::operations;

/// Lets the dashboard, and only it, ask; new each time the companion starts.
#[derive(Clone)]
pub(crate) struct Token(Arc<Zeroizing<String>>);

impl Token {
    /// Makes a token and leaves it in a file only its owner can read.
    pub(super) fn write(path: &Path) -> Result<Self, UpError> {
        let mut bytes = Zeroizing::new([0; 32]);
        rand::rngs::OsRng.fill_bytes(bytes.as_mut());
        let token = Self(Arc::new(Zeroizing::new(hex::encode(bytes.as_ref()))));
        let written = match std::fs::remove_file(path) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(cause),
            _ => std::fs::OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(path)
                .and_then(|mut file| file.write_all(token.expose().as_bytes())),
        };
        written.map(|()| token).map_err(|cause| UpError::Token { path: path.to_owned(), cause })
    }

    /// The token, to be shown once to its owner.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }

    /// Whether this is the token. Digests are compared, so that time tells nothing of it.
    fn is(&self, given: &str) -> bool {
        Sha256::digest(given.as_bytes()) == Sha256::digest(self.0.as_bytes())
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

/// The dashboard's API.
pub(super) fn api(parts: Arc<Parts>, token: Token) -> Router {
    Router::new()
        .route("/api/v1/state", get(state))
        .route("/api/v1/approvals/{id}", post(answer))
        .with_state((parts, token))
}

/// Whether the request carries the dashboard's token.
fn is_allowed(token: &Token, headers: &HeaderMap) -> bool {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    given.and_then(|value| value.strip_prefix("Bearer ")).is_some_and(|given| token.is(given))
}

async fn state(State((parts, token)): State<(Arc<Parts>, Token)>, headers: HeaderMap) -> Response {
    if !is_allowed(&token, &headers) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    match operations::state(&parts).await {
        Ok(state) => Json(state).into_response(),
        Err(failure) => {
            tracing::warn!("the dashboard's state: {failure}");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// What the person decided about something that waited for them.
async fn answer(
    State((parts, token)): State<(Arc<Parts>, Token)>,
    Segment(id): Segment<String>,
    headers: HeaderMap,
) -> Response {
    if !is_allowed(&token, &headers) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    match operations::answer(&parts.companion, &id).await {
        Ok(done) => Json(done.data).into_response(),
        Err(failure) => (StatusCode::CONFLICT, failure.to_string()).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_token_is_new_each_time_and_for_its_owner_only() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("api-token");
        let first = Token::write(&path).unwrap();
        let second = Token::write(&path).unwrap();
        assert!(!second.is(first.expose()) && second.is(second.expose()));
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(!format!("{second:?}").contains(second.expose()));
    }

    #[test]
    fn a_token_that_cannot_be_left_is_named_with_its_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("nowhere/api-token");
        let refused = Token::write(&path).unwrap_err();
        assert!(matches!(refused, UpError::Token { path: named, .. } if named == path));
    }
}
