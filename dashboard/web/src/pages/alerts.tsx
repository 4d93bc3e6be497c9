/** What is wrong now, in order of time, with what can be done about it; the rules, the silences, and who is told. */
import { getAlerts } from '../api.ts';
import { AlertTable } from '../parts/alert-table.tsx';
import { ChannelsCard } from '../parts/channels-card.tsx';
import { PastAlerts } from '../parts/past-alerts.tsx';
import { Problem } from '../parts/problem.tsx';
import { RulesCard } from '../parts/rules-card.tsx';
import { SilencesCard } from '../parts/silences-card.tsx';
import { Empty } from '../parts/small.tsx';
import { useLoad } from '../use-load.ts';

export function Alerts() {
  const { data, error, reload } = useLoad('alerts', getAlerts, 3_000);
  if (!data) {
    return error === undefined ? <p class="soft">Loading</p> : <Problem error={error} onRetry={reload} />;
  }
  const fired = data.open.filter(({ firedAt }) => firedAt !== null);
  return (
    <>
      <section class="card" aria-label="Open alerts">
        <header class="pad">
          <h1>Alerts</h1>
          <span class="soft">A scheduler looks every ten seconds.</span>
        </header>
        {error !== undefined && <Problem error={error} onRetry={reload} />}
        {fired.length === 0 ? (
          <Empty title="Nothing is wrong">What breaks a rule below for as long as the rule says is shown here.</Empty>
        ) : (
          <AlertTable alerts={fired} onChange={reload} />
        )}
      </section>
      <div class="lanes">
        <RulesCard rules={data.rules} onChange={reload} />
        <div class="column">
          <ChannelsCard channels={data.channels} pushKey={data.pushKey} onChange={reload} />
          <SilencesCard silences={data.silences} onChange={reload} />
          <PastAlerts />
        </div>
      </div>
    </>
  );
}
