/** Processes of the product that are killed, frozen, told to go, replaced by another release, or live at another time of day. */
import { type Kind, kinds, type Member } from '../fleet.ts';
import { releases } from '../jobs.ts';
import { between, type Injury, pause, prove } from './injury.ts';

function killed(kind: Kind): Injury {
  return {
    name: `SIGKILL of one process: ${kind}`,
    concerns: 'processes',
    async inflict({ fleet }, { draw }) {
      const member = fleet.pick(draw, kind);
      const { pid } = member;
      const how = await member.end('SIGKILL');
      prove(how === 'SIGKILL', `${member.name} ended by ${how}`);
      await pause(between(draw, 0, 2_000));
      await member.start();
      return `${member.name}, pid ${pid}, is gone`;
    },
  };
}

const allKilled: Injury = {
  name: 'SIGKILL of all workers at once',
  concerns: 'processes',
  async inflict({ fleet }, { draw }) {
    const workers = fleet.of('realtime', 'bulk');
    const how = await Promise.all(workers.map((worker) => worker.end('SIGKILL')));
    prove(
      how.every((one) => one === 'SIGKILL'),
      `they ended by ${how.join(', ')}`,
    );
    await pause(between(draw, 0, 3_000));
    await Promise.all(workers.map((worker) => worker.start()));
    return `${workers.length} pids are gone`;
  },
};

/** Longer than its lease, so that everybody else takes it for dead when it moves again. */
function frozen(kind: Kind): Injury {
  return {
    name: `SIGSTOP and SIGCONT of one process: ${kind}`,
    concerns: 'processes',
    async inflict({ fleet }, { draw }) {
      const member = fleet.pick(draw, kind);
      const { pid } = member;
      prove(member.signal('SIGSTOP'), `${member.name} took no signal`);
      const ms = between(draw, 11_000, 14_000);
      await pause(ms);
      prove(member.pid === pid && member.signal('SIGCONT'), `${member.name} was not there to be woken`);
      return `${member.name} stood still for ${ms} ms`;
    },
  };
}

async function leaves(member: Member): Promise<void> {
  const from = Date.now();
  const how = await member.end('SIGTERM');
  if (how !== 'exit code 0') throw new Error(`${member.name} did not go in good order: ${how}`);
  if (Date.now() - from > 30_000) throw new Error(`${member.name} took ${Date.now() - from} ms to go`);
}

const rollingRestart: Injury = {
  name: 'SIGTERM of one process of each kind, one after another',
  concerns: 'processes',
  async inflict({ fleet }, { draw }) {
    for (const kind of kinds) {
      const member = fleet.pick(draw, kind);
      await leaves(member);
      await member.start();
    }
    return `${kinds.length} exited with 0`;
  },
};

const deploy: Injury = {
  name: 'Half of the fleet replaced by another release with other payloads',
  concerns: 'processes',
  async inflict({ fleet }) {
    const half = kinds.map((kind) => fleet.of(kind)[0] as Member);
    const release = releases.find((one) => one !== half[0]?.release) ?? 1;
    for (const member of half) {
      await leaves(member);
      member.release = release;
      await member.start();
    }
    return `${half.length} processes run release ${release}, the others stay`;
  },
};

const clock: Injury = {
  name: 'The clock of one process goes wrong by an hour',
  concerns: 'processes',
  async inflict({ fleet }, { draw }) {
    const member = fleet.pick(draw);
    const ms = (draw() < 0.5 ? -1 : 1) * 3_600_000;
    member.moveClock(ms);
    await pause(between(draw, 3_000, 6_000));
    member.moveClock(0);
    return `${member.name} was off by ${ms / 60_000} minutes`;
  },
};

const poison: Injury = {
  name: 'A job that kills whoever runs it',
  concerns: 'processes',
  async inflict(world, { draw, load }) {
    const lane = draw() < 0.5 ? 'realtime' : 'bulk';
    const before = new Set(load.accepted.poison);
    await load.one(lane, { kills: true });
    const id = [...load.accepted.poison].find((one) => !before.has(one));
    const deadline = Date.now() + 90_000;
    for (;;) {
      const dead = await world.query<{ reason: string }>('select reason from twolane.dead where id = $1', [id]);
      if (dead.length > 0) break;
      if (Date.now() > deadline) throw new Error(`The poison ${id} was not stopped within 90 s`);
      await pause(200);
    }
    const crashes = await world.query('select from twolane.attempts where job_id = $1 and outcome = $2', [
      id,
      'crashed',
    ]);
    prove(crashes.length === 3, `it ended ${crashes.length} processes`);
    return `job ${id} ended three processes and is dead`;
  },
};

export const processInjuries: readonly Injury[] = [
  ...kinds.map(killed),
  allKilled,
  ...kinds.map(frozen),
  rollingRestart,
  deploy,
  clock,
  poison,
];
