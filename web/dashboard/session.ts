// SPDX-License-Identifier: Apache-2.0
// Where does the dashboard's token come from, and where does it stay?
//
// The companion prints a link that ends in `#token=…`. A fragment is never sent to a server nor in a Referer. It is taken
// out of the address at once and kept for this tab only.

const KEY = "kith-token";
/** What the companion makes tokens of. */
const TOKEN = /^[A-Za-z0-9_-]{16,128}$/;

/** The token in a fragment such as `#token=abc`, or null. */
export function tokenIn(fragment: string): string | null {
  const token = new URLSearchParams(fragment.replace(/^#/, "")).get("token");
  return token !== null && TOKEN.test(token) ? token : null;
}

/** Takes a token out of the address if there is one; gives the one this tab has, or null. */
export function takeToken(location: Location, history: History, storage: Storage): string | null {
  const fresh = tokenIn(location.hash);
  if (location.hash !== "") history.replaceState(null, "", location.pathname);
  if (fresh !== null) storage.setItem(KEY, fresh);
  return fresh ?? storage.getItem(KEY);
}

/** Forgets a token that is no longer accepted. */
export function forgetToken(storage: Storage): void {
  storage.removeItem(KEY);
}
