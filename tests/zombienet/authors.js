// SPDX-License-Identifier: Apache-2.0
// How many validators made the blocks that a node holds to be final.

/** A BABE pre-digest: one byte for the kind of slot, then the number of the author, little-endian. */
const authorOf = ({ digest }) => {
  const [, data] = digest.logs.find((log) => log.isPreRuntime).asPreRuntime;
  return Buffer.from(data.toU8a(true)).readUInt32LE(1);
};

async function run(node, { nodesByName }) {
  const api = await zombie.connect(nodesByName[node].wsUri);
  const authors = new Set();
  let header = await api.rpc.chain.getHeader(await api.rpc.chain.getFinalizedHead());
  while (header.number.toNumber() > 0) {
    authors.add(authorOf(header));
    header = await api.rpc.chain.getHeader(header.parentHash);
  }
  await api.disconnect();
  return authors.size;
}

module.exports = { run };
