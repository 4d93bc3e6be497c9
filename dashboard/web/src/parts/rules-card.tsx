/** The rules: what counts as wrong, from when on, and whether anybody is told. */
import { useState } from 'preact/hooks';
import { type AlertRule, alertKinds, factsOfAlert } from '../../../../src/contract/alerts.ts';
import { may } from '../api.ts';
import { duration } from '../format.ts';
import { RuleEditor } from './rule-editor.tsx';

export function RulesCard({ rules, onChange }: { rules: readonly AlertRule[]; onChange: () => void }) {
  const [edited, setEdited] = useState<AlertRule>();
  return (
    <section class="card" aria-label="Rules">
      <header class="pad">
        <h2>Rules</h2>
      </header>
      <table>
        <tbody>
          {rules.map((rule) => (
            <tr key={`${rule.kind} ${rule.target}`}>
              <th scope="row">
                {alertKinds[rule.kind].title} {rule.target !== null && <span class="tag">{rule.target}</span>}
                <small>{wordsOf(rule)}</small>
              </th>
              <td class="num">
                {may('alerts:write') && (
                  <button
                    type="button"
                    aria-label={`Edit the rule: ${alertKinds[rule.kind].title} ${rule.target ?? ''}`}
                    onClick={() => setEdited(rule)}
                  >
                    Edit
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {edited && <RuleEditor rule={edited} onClose={() => setEdited(undefined)} onDone={onChange} />}
    </section>
  );
}

function wordsOf({ kind, threshold, forS, enabled, updatedBy }: AlertRule): string {
  const { unit = '' } = factsOfAlert(kind);
  const least = threshold === null ? '' : `from ${threshold} ${unit}`;
  const lasting = forS === 0 ? 'at once' : `when it lasts ${duration(forS * 1_000)}`;
  const by = updatedBy === null ? '' : `written by ${updatedBy}`;
  return [enabled ? '' : 'off', least, lasting, by].filter((word) => word !== '').join(' · ');
}
