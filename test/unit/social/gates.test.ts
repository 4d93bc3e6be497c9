/** The gates of notifications, each as a table, and the first objection of them all. */
import { describe, expect, it } from 'vitest';
import { decide, gates, type Standing } from '../../../src/social/notifications/gates.ts';
import { defaultPreferences, matrix, type Preferences, wanted } from '../../../src/social/notifications/preferences.ts';
import { closedChannels } from '../../../src/social/notifications/targets.ts';
import { channelNames, notificationKinds } from '../../../src/social/notifications/types.ts';

const now = new Date('2026-01-15T23:00:00Z');
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
const ahead = (minutes: number) => ago(-minutes);
const usual: Standing = {
  kind: 'like',
  now,
  news: 'new',
  preferences: defaultPreferences,
  rateSince: undefined,
  announcedAt: undefined,
  closed: { push: 'no_address', email: 'no_address', webhook: 'no_address' },
};
const quiet = { off: false, quietHours: { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' }, channels: {} };
const prefer = (preferences: Partial<Preferences>) => ({ preferences: { ...defaultPreferences, ...preferences } });

/** The outcome, the gate that had the last word, and what it said. */
function verdict(given: Partial<Standing>) {
  const { outcome, steps, channels, until } = decide({ ...usual, ...given });
  const last = steps.at(-1);
  const reason = last?.verdict === 'drop' ? last.reason : undefined;
  return [outcome, last?.gate, reason ?? until ?? channels];
}

describe('the gates', () => {
  it('stand in their order', () => {
    expect(gates.map(({ name }) => name)).toEqual([
      ...['deduplicate', 'preference', 'quiet-hours', 'rate', 'aggregate', 'channel'],
    ]);
  });

  it.each<[string, Partial<Standing>, unknown[]]>([
    ['all is well', {}, ['send', 'channel', ['in-app']]],
    ['somebody known', { news: 'known' }, ['drop', 'deduplicate', 'nothing_new']],
    ['taken back', { news: 'over' }, ['drop', 'deduplicate', 'no_longer_so']],
    ['everything off', prefer({ off: true }), ['drop', 'preference', 'everything_off']],
    [
      'the kind is off',
      prefer({ channels: { like: { 'in-app': false, push: false, webhook: false } } }),
      ['drop', 'preference', 'turned_off'],
    ],
    ['another kind is off', prefer({ channels: { follow: { 'in-app': false } } }), ['send', 'channel', ['in-app']]],
    ['quiet hours', { preferences: quiet }, ['defer', 'quiet-hours', new Date('2026-01-16T06:00:00Z')]],
    [
      'after quiet hours',
      { preferences: quiet, now: new Date('2026-01-16T06:00:00Z') },
      ['send', 'channel', ['in-app']],
    ],
    ['as many as the rate allows', { rateSince: ago(59) }, ['defer', 'rate', ahead(1)]],
    ['the oldest of them is an hour old', { rateSince: ago(60) }, ['send', 'channel', ['in-app']]],
    ['announced a minute ago', { announcedAt: ago(1) }, ['merge', 'aggregate', ahead(4)]],
    ['announced five minutes ago', { announcedAt: ago(5) }, ['send', 'channel', ['in-app']]],
    ['a kind that is not gathered', { kind: 'message', announcedAt: ago(1) }, ['send', 'channel', ['in-app']]],
    [
      'nobody can be reached',
      { ...prefer({ channels: { like: { 'in-app': false } } }) },
      ['drop', 'channel', 'no_channel'],
    ],
    ['a browser is there', { closed: { email: 'no_address' } }, ['send', 'channel', ['in-app', 'push', 'webhook']]],
    [
      'quiet hours come before gathering',
      { preferences: quiet, announcedAt: ago(1) },
      ['defer', 'quiet-hours', new Date('2026-01-16T06:00:00Z')],
    ],
    ['critical: everything off', { kind: 'logged-out', ...prefer({ off: true }) }, ['send', 'channel', ['in-app']]],
    ['critical: quiet hours', { kind: 'logged-out', preferences: quiet }, ['send', 'channel', ['in-app']]],
    ['critical: no rate', { kind: 'logged-out', rateSince: ago(1) }, ['send', 'channel', ['in-app']]],
    [
      'critical: its channels can not be turned off',
      { kind: 'logged-out', closed: {}, ...prefer({ channels: { 'logged-out': { email: false } } }) },
      ['send', 'channel', [...channelNames]],
    ],
  ])('%s', (_what, given, expected) => {
    expect(verdict(given)).toEqual(expected);
  });

  it('say what each of them said, up to the first objection, and which channels are shut and why', () => {
    const { steps } = decide({ ...usual, closed: { push: 'not_configured', webhook: 'no_address' } });
    expect(steps).toEqual([
      { gate: 'deduplicate', verdict: 'pass' },
      { gate: 'preference', verdict: 'pass', channels: ['in-app', 'push', 'webhook'] },
      { gate: 'quiet-hours', verdict: 'pass' },
      { gate: 'rate', verdict: 'pass' },
      { gate: 'aggregate', verdict: 'pass' },
      {
        gate: 'channel',
        verdict: 'pass',
        channels: ['in-app'],
        closed: { push: 'not_configured', webhook: 'no_address' },
      },
    ]);
    expect(decide({ ...usual, preferences: quiet }).steps.map(({ gate }) => gate)).toEqual([
      ...['deduplicate', 'preference', 'quiet-hours'],
    ]);
  });
});

describe('preferences', () => {
  it('hold for every kind and channel by themselves', () => {
    for (const kind of notificationKinds)
      for (const channel of channelNames)
        for (const on of [true, false]) {
          const chosen = { ...defaultPreferences, channels: { [kind]: { [channel]: on } } };
          const critical = kind === 'logged-out';
          expect([kind, channel, on, wanted(kind, chosen).includes(channel)]).toEqual([
            kind,
            channel,
            on,
            on || critical,
          ]);
          const others = wanted(kind, chosen).filter((name) => name !== channel);
          expect(others).toEqual(wanted(kind, defaultPreferences).filter((name) => name !== channel));
          expect(matrix(chosen)[kind][channel]).toBe(on || critical);
          expect(wanted(kind, { ...chosen, off: true })).toEqual(critical ? [...channelNames] : []);
        }
  });
});

describe('channels', () => {
  const push = { channel: 'push', confirmed: true } as const;
  it.each([
    [[], ['webhook'], { push: 'not_configured', email: 'not_configured', webhook: 'no_address' }],
    [[push], ['push', 'email', 'webhook'], { email: 'no_address', webhook: 'no_address' }],
    [[push], ['webhook'], { push: 'not_configured', email: 'not_configured', webhook: 'no_address' }],
    [
      [{ channel: 'email', confirmed: false }],
      ['push', 'email', 'webhook'],
      { push: 'no_address', email: 'not_confirmed', webhook: 'no_address' },
    ],
  ] as const)('of %j where %j are configured', (targets, configured, closed) => {
    expect(closedChannels(targets, configured)).toEqual(closed);
  });
});
