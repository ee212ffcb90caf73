// SPDX-License-Identifier: Apache-2.0
//! How file and hash work leaves the async threads.

/// Runs `work` on the blocking pool. A panic in it continues in the caller.
pub(crate) async fn run<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(value) => value,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // Only a runtime that is going away cancels blocking work: nobody is left to answer.
            Err(_) => std::future::pending().await,
        },
    }
}
