/** Questions before something is changed, as modal dialogs of the browser; and the list of shortcuts. */
import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { allShortcuts, helpOpen } from '../keys.ts';

interface Question {
  title: string;
  text: string;
  yes: string;
  danger: boolean;
  answer(yes: boolean): void;
}

const question = signal<Question | null>(null);

/** Asks; resolves to what was answered. Escape means no. */
export function confirmed(asked: Omit<Question, 'answer'>): Promise<boolean> {
  return new Promise((resolve) => {
    question.value = {
      ...asked,
      answer(yes) {
        question.value = null;
        resolve(yes);
      },
    };
  });
}

export function Dialogs() {
  const asked = question.value;
  return (
    <>
      {asked && <Ask {...asked} />}
      {helpOpen.value && <Help />}
    </>
  );
}

function Ask({ title, text, yes, danger, answer }: Question) {
  return (
    <Modal title={title} onClose={() => answer(false)}>
      <p>{text}</p>
      <div class="actions">
        <button type="button" onClick={() => answer(false)}>
          Leave it
        </button>
        <button type="button" class={danger ? 'danger solid' : 'main'} onClick={() => answer(true)}>
          {yes}
        </button>
      </div>
    </Modal>
  );
}

function Help() {
  const close = () => {
    helpOpen.value = false;
  };
  return (
    <Modal title="Keyboard" onClose={close}>
      <dl class="keys">
        {allShortcuts().map(({ keys, what }) => (
          <div key={keys}>
            <dt>
              {keys.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <div class="actions">
        <button type="button" onClick={close}>
          Close
        </button>
      </div>
    </Modal>
  );
}

interface ModalProps {
  title: string;
  wide?: boolean;
  onClose(): void;
  children: preact.ComponentChildren;
}

/** A modal dialog; the browser keeps the focus inside and gives it back afterwards. */
export function Modal({ title, wide = false, onClose, children }: ModalProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog ref={dialog} class={wide ? 'wide-dialog' : ''} aria-label={title} onCancel={onClose}>
      <h2>{title}</h2>
      {children}
    </dialog>
  );
}
