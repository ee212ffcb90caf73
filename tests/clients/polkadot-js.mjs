// SPDX-License-Identifier: Apache-2.0
// Uses a development node through @polkadot/api, as wallets and explorers do, and checks every answer.
//
// usage: node polkadot-js.mjs ws://127.0.0.1:PORT

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { ApiPromise, Keyring, WsProvider } from '@polkadot/api';

/** What a newcomer signs begins with this. */
const APPLICATION = 'kith/application/1';
/** A token. */
const AMOUNT = 1_000_000_000_000n;
/** Longer than all of this takes on a busy machine. */
const PATIENCE_MS = 300_000;
/** What the client says when a chain's transactions are not what it knows. */
const DOUBTS = /unknown signed extension|unknown types|unable to (map|decorate)/i;

const warnings = [];
console.warn = console.error = (...said) => warnings.push(said.join(' '));
setTimeout(() => {
  process.stderr.write(`error: not done after ${PATIENCE_MS / 1000} s\n`);
  process.exit(1);
}, PATIENCE_MS).unref();
const shown = (what) => console.log(`✓ ${what}`);

/** How a client is told of a node's own methods. */
const param = (name, type) => ({ name, type });
const kith = {
  member: { description: 'A person.', params: [param('id', 'u32')], type: 'Json' },
  members: { description: 'A page of people.', params: [param('from', 'u32'), param('limit', 'u32')], type: 'Vec<Json>' },
  resourceByName: { description: 'A resource.', params: [param('name', 'Text')], type: 'Json' },
};
const api = await ApiPromise.create({ provider: new WsProvider(process.argv[2]), rpc: { kith }, throwOnConnect: true });
const keyring = new Keyring({ type: 'sr25519', ss58Format: api.registry.chainSS58 });
const run = randomBytes(6).toString('hex');
const [alice, bob, newcomer] = ['//Alice', '//Bob', `//${run}`].map((uri) => keyring.addFromUri(uri));

/** Submits and waits until it is final: in which block, with which events, and which error if it failed. */
function finalise(call, signer) {
  return new Promise((resolve, reject) => {
    const settled = ({ status, events, dispatchError, isError }) => {
      if (isError) reject(new Error(`${call.method.section}.${call.method.method} became ${status.type}`));
      if (!status.isFinalized) return;
      const error = dispatchError?.isModule ? api.registry.findMetaError(dispatchError.asModule) : dispatchError;
      resolve({ block: status.asFinalized, events: events.map(({ event }) => event), error });
    };
    call.signAndSend(signer, { nonce: -1 }, settled).catch(reject);
  });
}

/** Submits what must succeed; the data of its one event of this kind, and the block. */
async function eventOf(call, signer, section, method) {
  const { block, events, error } = await finalise(call, signer);
  assert.equal(error, undefined, `${call.method.section}.${call.method.method} failed with ${error?.section}.${error?.name}`);
  const found = events.filter((event) => event.section === section && event.method === method);
  assert.equal(found.length, 1, `${section}.${method} among ${events.map((event) => `${event.section}.${event.method}`)}`);
  return { block, data: found[0].data };
}

/** Submits what must fail: the error's pallet and name. */
async function refusalOf(call, signer) {
  const { error } = await finalise(call, signer);
  return `${error?.section}.${error?.name}`;
}

async function chain() {
  assert.equal((await api.rpc.system.chain()).toString(), 'Kith Development');
  const version = await api.rpc.state.getRuntimeVersion();
  assert.equal(version.specName.toString(), 'kith');
  assert.ok(version.specVersion.eq(api.runtimeVersion.specVersion) && version.specVersion.gtn(0));
  assert.deepEqual([api.registry.chainTokens, api.registry.chainDecimals], [['KITH'], [12]]);
  const metadata = await api.rpc.state.getMetadata();
  const pallets = metadata.asLatest.pallets.map(({ name }) => name.toString());
  for (const pallet of ['System', 'Balances', 'Membership', 'Vouching', 'Resources', 'Constitution']) {
    assert.ok(pallets.includes(pallet), `${pallet} in ${pallets}`);
  }
  shown(`chain name, runtime version ${version.specVersion} and metadata v${metadata.version} of ${pallets.length} pallets`);
}

async function storage() {
  const account = await api.query.system.account(alice.address);
  assert.ok(account.data.free.toBigInt() > AMOUNT && account.providers.gtn(0));
  const [person, id] = await Promise.all([api.query.membership.people(0), api.query.membership.personOf(alice.address)]);
  assert.ok(person.unwrap().account.eq(alice.address) && person.unwrap().standing.isMember && id.unwrap().eqn(0));
  const people = await api.query.membership.people.entries();
  assert.ok(people.length >= 3 && people.every(([key]) => key.args.length === 1));
  const parameters = await api.query.constitution.inForce();
  assert.equal(parameters.admissionThreshold.toNumber(), 2);
  shown('accounts, people and parameters from storage');
}

async function heads() {
  const three = (subscribe) =>
    new Promise((resolve, reject) => {
      const numbers = [];
      const stop = subscribe((header) => {
        if (numbers.push(header.number.toNumber()) === 3) stop.then((end) => end()).then(() => resolve(numbers), reject);
      });
      stop.catch(reject);
    });
  const { subscribeNewHeads, subscribeFinalizedHeads } = api.rpc.chain;
  const [best, final] = await Promise.all([three(subscribeNewHeads), three(subscribeFinalizedHeads)]);
  for (const numbers of [best, final]) assert.deepEqual(numbers, [...new Set(numbers)].sort((a, b) => a - b));
  assert.ok(final[0] <= best[2]);
  const { number, author } = await api.derive.chain.getHeader(await api.rpc.chain.getFinalizedHead());
  assert.ok(number.toNumber() > 0 && author !== undefined);
  shown(`new heads ${best} and finalised heads ${final}`);
}

async function transfer() {
  const call = api.tx.balances.transferKeepAlive(newcomer.address, AMOUNT);
  assert.ok((await call.paymentInfo(alice)).partialFee.toBigInt() > 0n);
  const { data, block } = await eventOf(call, alice, 'balances', 'Transfer');
  assert.deepEqual([data.from.toString(), data.to.toString(), data.amount.toBigInt()], [alice.address, newcomer.address, AMOUNT]);
  const { parentHash } = await api.rpc.chain.getHeader(block);
  const balance = async (at) => (await (await api.at(at)).query.system.account(newcomer.address)).data.free.toBigInt();
  const [before, after] = await Promise.all([parentHash, block].map(balance));
  assert.deepEqual([before, after], [0n, AMOUNT]);
  shown(`a transfer is final, its event and the state before and after block ${block.toHex().slice(0, 10)} agree`);
}

async function join() {
  const [typed] = api.tx.membership.sponsor.meta.args;
  const application = api.createType(typed.type.toString(), {
    genesis: api.genesisHash,
    account: newcomer.address,
    encryptionKey: randomBytes(32).fill(7, 31),
    expires: (await api.rpc.chain.getHeader()).number.toNumber() + 1000,
  });
  const payload = [api.createType('Bytes', APPLICATION).toU8a(), application.toU8a()];
  const signature = { Sr25519: newcomer.sign(Buffer.concat(payload)) };
  const { data } = await eventOf(api.tx.membership.sponsor(application, signature), alice, 'membership', 'Sponsored');
  assert.ok(data.account.eq(newcomer.address) && data.sponsor.eqn(0));
  const candidate = (await api.rpc.kith.member(data.candidate)).toJSON();
  assert.deepEqual([candidate.standing, candidate.account, candidate.vouches], ['candidate', newcomer.address, 1]);
  const vouched = await eventOf(api.tx.vouching.vouch(data.candidate), bob, 'vouching', 'Vouched');
  assert.ok(vouched.data.issuer.eqn(1) && vouched.data.subject.eq(data.candidate));
  assert.equal((await api.rpc.kith.member(data.candidate)).toJSON().vouches, 2);
  shown(`a newcomer applied, was sponsored by Alice and vouched for by Bob, as person ${candidate.id}`);
}

async function resource() {
  const name = `kiosk-${run}`;
  const init = api.tx.resources.init('Site', 'Private', name);
  const { data } = await eventOf(init, alice, 'resources', 'Initialised');
  assert.ok(data.owner.eqn(0) && data.kind.isSite && data.visibility.isPrivate);
  const seen = (await api.rpc.kith.resourceByName(name)).toJSON();
  assert.deepEqual([seen.id, seen.owner, seen.kind, seen.name], [data.resource.toNumber(), 0, 'site', name]);
  shown(`resources.init made resource ${seen.id}, which kith_resourceByName finds`);

  assert.equal(await refusalOf(init, alice), 'resources.NameTaken');
  assert.equal(await refusalOf(api.tx.vouching.vouch(0), alice), 'vouching.VouchForSelf');
  await assert.rejects(finalise(init, keyring.addFromUri(`//${run}//poor`)), /1010|balance|payment/i);
  shown('a name that is taken and a vouch for oneself are refused by the errors of their pallets, an empty account at the door');
}

async function own() {
  const members = (await api.rpc.kith.members(0, 2)).toJSON();
  assert.deepEqual(members.map(({ id }) => id), [0, 1]);
  await assert.rejects(api.rpc.kith.members(0, 101), /-32602.*limit is 101/);
  shown('kith_members gives a page, and says why it gives no larger one');
}

for (const part of [chain, storage, heads, transfer, join, resource, own]) await part();
assert.deepEqual(warnings.filter((said) => DOUBTS.test(said)), []);
await api.disconnect();
