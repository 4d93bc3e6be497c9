/** What nobody is told of at present. */
import { type AlertSilence, alertKinds } from '../../../../src/contract/alerts.ts';
import { endSilence, may } from '../api.ts';
import { Time } from './small.tsx';
import { attempt } from './toast.tsx';

export function SilencesCard({ silences, onChange }: { silences: readonly AlertSilence[]; onChange: () => void }) {
  if (silences.length === 0) return null;
  return (
    <section class="card" aria-label="Silences">
      <header class="pad">
        <h2>Silences</h2>
      </header>
      <table>
        <tbody>
          {silences.map(({ id, kind, target, reason, actor, until }) => (
            <tr key={id}>
              <th scope="row">
                {target ?? 'everything'} {kind && <span class="soft">{alertKinds[kind].title}</span>}
                <small>
                  {reason} · {actor}
                </small>
              </th>
              <td class="num">
                ends <Time at={until} />
              </td>
              <td class="num">
                {may('alerts:operate') && (
                  <button
                    type="button"
                    aria-label={`End the silence of ${target ?? 'everything'}`}
                    onClick={() => void attempt(() => endSilence(id), 'Alerts are told again').then(onChange)}
                  >
                    End
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
