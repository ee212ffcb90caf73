// SPDX-License-Identifier: Apache-2.0
//! Builds the runtime to WebAssembly beside its native form.

fn main() {
    #[cfg(feature = "std")]
    substrate_wasm_builder::WasmBuilder::build_using_defaults();
}
