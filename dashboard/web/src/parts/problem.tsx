/** Something did not work: what, and what to do about it. */
import { CallError } from '../api.ts';

export function Problem({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const text = error instanceof Error ? error.message : String(error);
  return (
    <div class="notice bad" role="alert">
      <div>
        {text}
        {error instanceof CallError && error.fields.length > 0 && (
          <ul>
            {error.fields.map(({ pointer, detail }) => (
              <li key={pointer}>
                <code>{pointer || '/'}</code> {detail}
              </li>
            ))}
          </ul>
        )}
      </div>
      {onRetry && (
        <button type="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}
