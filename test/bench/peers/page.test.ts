import { describe, expect, test } from '@jest/globals';
import { django } from '../../../bench/peers/django.ts';
import type { Done, Measured } from '../../../bench/peers/measure-peer.ts';
import { peersReport, type Tried } from '../../../bench/peers/page.ts';
import { parlor } from '../../../bench/peers/parlor.ts';
import type { Peer } from '../../../bench/peers/peer.ts';
import { LOADS, MANY } from '../../../bench/peers/rows.ts';
import { samples } from '../../../bench/peers/samples.ts';

const done = (change: Partial<Done>): Done => ({
  ...{ messages: 4_000, seconds: 8, p50: 5, p99: 20 },
  ...{ deliveries: 8_000, due: 8_000, refused: 0, cpuMs: 800, rssMb: 100 },
  ...change,
});

const tried = (peer: Peer, measured: Measured): Tried => ({
  peer,
  installed: '',
  rounds: [new Map(Object.values(LOADS).map(({ name }) => [name, measured]))],
});

const long = (first: number, second: number) => [
  new Map<string, Measured>([
    [MANY[0].name, done({ messages: 10_000, rssMb: first })],
    [MANY[1].name, done({ messages: 10_000, rssMb: second })],
  ]),
];

const report = (own: Measured, other: Measured, grown = long(120, 121)) =>
  peersReport({
    tried: [tried(parlor, own), tried(django, other)],
    skipped: new Map([[samples.name, 'it is not there']]),
    long: grown,
  });

describe("the peers' page", () => {
  test('names a winner by what was measured', () => {
    const slower = done({ messages: 400, p50: 9, p99: 90, cpuMs: 1_600, rssMb: 200 });
    const won = report(done({}), slower);
    expect(won.findings.map(({ met }) => met)).not.toContain(false);
    expect(won.tables[1]?.rows.map(([, , ahead]) => ahead)).toEqual(Array(8).fill('nobody: won'));
    const lost = report(slower, done({}));
    expect(lost.findings.slice(0, -1).map(({ met }) => met)).not.toContain(true);
    expect(lost.notes.some((note) => note.startsWith(`${django.name}: `))).toBe(true);
    expect(won.notes.some((note) => note.startsWith(`${django.name}: `))).toBe(false);
  });

  test('tells who was skipped, and who broke at what', () => {
    const { notes, findings } = report(done({}), { broke: '3 of 1000 connections opened: closed' });
    expect(notes).toContain(`${samples.name} was skipped: it is not there.`);
    expect(notes.filter((note) => note.startsWith(`${django.name} broke at `))).toHaveLength(4);
    expect(findings[0]).toMatchObject({ baseline: 'Django Channels broke', met: true });
  });

  test('is not content with memory that grows', () => {
    const memory = (grown: ReturnType<typeof long>) =>
      report(done({}), done({}), grown).findings.at(-1);
    expect(memory(long(120, 121))).toMatchObject({ measured: '121', met: true });
    expect(memory(long(100, 140))?.met).toBe(false);
    expect(memory(long(160, 160))?.met).toBe(false);
    expect(memory([new Map([[MANY[0].name, { broke: 'late' }]])])?.met).toBe(false);
  });
});
