// SPDX-License-Identifier: Apache-2.0
// Uses a development node through polkadot-api, which speaks the newer JSON-RPC (chainHead, transaction), and checks every
// answer. The types are those of the node's own metadata, whatever pallets it has.
//
// usage: node papi.mjs ws://127.0.0.1:PORT

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Keyring } from '@polkadot/api';
import { cryptoWaitReady } from '@polkadot/util-crypto';
import { Binary, Enum, createClient } from 'polkadot-api';
import { getPolkadotSigner } from 'polkadot-api/signer';
import { getWsProvider } from 'polkadot-api/ws';
import { distinctUntilChanged, firstValueFrom, map, take, toArray } from 'rxjs';
import { WebSocket } from 'ws';

/** A token. */
const AMOUNT = 1_000_000_000_000n;
/** Longer than all of this takes on a busy machine. */
const PATIENCE_MS = 300_000;

setTimeout(() => {
  process.stderr.write(`error: not done after ${PATIENCE_MS / 1000} s\n`);
  process.exit(1);
}, PATIENCE_MS).unref();
const shown = (what) => console.log(`✓ ${what}`);
await cryptoWaitReady();
const run = randomBytes(6).toString('hex');
const keyring = new Keyring({ type: 'sr25519' });
const person = (uri) => {
  const pair = keyring.addFromUri(uri);
  return { address: pair.address, signer: getPolkadotSigner(pair.publicKey, 'Sr25519', (bytes) => pair.sign(bytes)) };
};
const [alice, bob, stranger] = ['//Alice', '//Bob', `//${run}`].map(person);
const client = createClient(getWsProvider(process.argv[2], { websocketClass: WebSocket }));
const api = client.getUnsafeApi();

/** Submits what must succeed and waits until it is final; the values of its one event of this kind, and the block. */
async function eventOf(call, { signer }, pallet, name) {
  const { ok, events, block, dispatchError } = await call.signAndSubmit(signer);
  assert.ok(ok, JSON.stringify(dispatchError));
  const found = events.filter(({ event }) => event.type === pallet && event.value.type === name);
  assert.equal(found.length, 1, `${pallet}.${name}`);
  return { block, data: found[0].event.value.value };
}

/** Submits what must fail: the error's pallet and name. */
async function refusalOf(call, { signer }) {
  const { ok, dispatchError } = await call.signAndSubmit(signer);
  assert.ok(!ok && dispatchError.type === 'Module', JSON.stringify(dispatchError));
  return `${dispatchError.value.type}.${dispatchError.value.value.type}`;
}

async function chain() {
  const { name, genesisHash, properties } = await client.getChainSpecData();
  assert.equal(name, 'Kith Development');
  assert.equal(genesisHash, await client._request('chain_getBlockHash', [0]));
  assert.deepEqual([properties.tokenSymbol, properties.tokenDecimals], ['KITH', 12]);
  const version = await api.constants.System.Version();
  assert.ok(version.spec_name === 'kith' && version.spec_version > 0);
  const { hash } = await client.getFinalizedBlock();
  const metadata = await client.getMetadata(hash);
  assert.ok(metadata.length > 10_000);
  const versions = await api.apis.Metadata.metadata_versions();
  assert.ok([14, 15, 16].every((wanted) => versions.includes(wanted)), `metadata ${versions}`);
  shown(`chain name, runtime version ${version.spec_version} and metadata in versions ${versions}`);
}

async function storage() {
  const account = await api.query.System.Account.getValue(alice.address);
  assert.ok(account.data.free > AMOUNT && account.providers > 0);
  const founder = await api.query.Membership.People.getValue(0);
  assert.deepEqual([founder.account, founder.standing.type], [alice.address, 'Member']);
  const people = await api.query.Membership.People.getEntries();
  assert.ok(people.length >= 3 && people.some(({ keyArgs: [id] }) => id === 2));
  assert.equal((await api.query.Constitution.InForce.getValue()).admission_threshold, 2);
  shown('accounts, people and parameters from storage');
}

async function heads() {
  const three = (blocks) =>
    firstValueFrom(blocks.pipe(map(({ number }) => number), distinctUntilChanged(), take(3), toArray()));
  const bestBlock = client.bestBlocks$.pipe(map(([block]) => block));
  const [best, final] = await Promise.all([three(bestBlock), three(client.finalizedBlock$)]);
  for (const numbers of [best, final]) assert.ok(numbers.length === 3 && numbers[0] < numbers[2], `${numbers}`);
  const { hash, number } = await client.getFinalizedBlock();
  assert.equal((await client.getBlockHeader(hash)).number, number);
  assert.ok((await client.getBlockBody(hash)).length > 0);
  shown(`best blocks ${best} and finalised blocks ${final}`);
}

async function transfer() {
  const call = api.tx.Balances.transfer_keep_alive({ dest: Enum('Id', stranger.address), value: AMOUNT });
  assert.ok((await call.getEstimatedFees(alice.address)) > 0n);
  const { data, block } = await eventOf(call, alice, 'Balances', 'Transfer');
  assert.deepEqual([data.from, data.to, data.amount], [alice.address, stranger.address, AMOUNT]);
  const account = await api.query.System.Account.getValue(stranger.address);
  assert.equal(account.data.free, AMOUNT);
  shown(`a transfer is final in block ${block.number}, its event and the state agree`);
}

async function vouch() {
  const withdrawn = await eventOf(api.tx.Vouching.withdraw({ subject: 2 }), bob, 'Vouching', 'Withdrawn');
  assert.equal(withdrawn.data.subject, 2);
  assert.equal(await api.query.Vouching.Received.getValue(2), 1);
  const vouched = await eventOf(api.tx.Vouching.vouch({ subject: 2 }), bob, 'Vouching', 'Vouched');
  assert.deepEqual([vouched.data.issuer, vouched.data.subject], [1, 2]);
  const member = await client._request('kith_member', [2]);
  assert.deepEqual([member.standing, member.vouches], ['member', 2]);
  shown('Bob took his vouch for Charlie back and gave it again');
}

async function resource() {
  const name = `kiosk-${run}`;
  const init = api.tx.Resources.init({ kind: Enum('Site'), visibility: Enum('Members'), name: Binary.fromText(name) });
  const { data } = await eventOf(init, alice, 'Resources', 'Initialised');
  assert.deepEqual([data.owner, data.kind.type, data.visibility.type], [0, 'Site', 'Members']);
  const seen = await client._request('kith_resourceByName', [name]);
  assert.deepEqual([seen.id, seen.owner, seen.visibility], [Number(data.resource), 0, 'members']);
  shown(`resources.init made resource ${seen.id}, which kith_resourceByName finds`);

  assert.equal(await refusalOf(init, alice), 'Resources.NameTaken');
  assert.equal(await refusalOf(init, stranger), 'Resources.NotMember');
  await assert.rejects(client._request('kith_members', [0, 101]), /limit is 101/);
  shown('a name that is taken and one who is no member are refused by the errors of their pallet');
}

for (const part of [chain, storage, heads, transfer, vouch, resource]) await part();
client.destroy();
