/** Who is mentioned in a comment, and what a mail looks like. */
import { describe, expect, it } from 'vitest';
import { mentionedNames } from '../../../src/social/mentions.ts';
import { confirmationMail, notificationMail } from '../../../src/social/notifications/channels/email-template.ts';

describe('mentions', () => {
  it.each([
    ['@ana look', ['ana']],
    ['look, @Ana!', ['ana']],
    ['@ana and @ANA and @leo_b', ['ana', 'leo_b']],
    ['thanks @ana. And you, @mia.l...', ['ana', 'mia.l']],
    ['(@ana)', ['ana']],
    ['@ana@leo', []],
    ['me@example.com', []],
    ['https://x.example/@ana', []],
    ['@al', []],
    [`@${'a'.repeat(31)}`, []],
    ['é@ana', []],
    ['@ana’s photo', ['ana']],
    ['@anaÉ', []],
    ['', []],
  ])('%s', (text, names) => {
    expect(mentionedNames(text)).toEqual(names);
  });
});

describe('mails', () => {
  it('say the same as text and as HTML, and nothing in a name becomes markup', () => {
    const mail = notificationMail({ text: '<b>A&B</b> "liked" your photo' });
    expect(mail.subject).toBe('<b>A&B</b> "liked" your photo');
    expect(mail.text).toContain('<b>A&B</b> "liked" your photo.\n');
    expect(mail.html).toContain('&lt;b&gt;A&amp;B&lt;/b&gt; &quot;liked&quot; your photo.');
    expect(mail.html).not.toContain('<b>A');
    expect(confirmationMail('012345')).toMatchObject({
      subject: expect.stringContaining('012345'),
      text: expect.stringContaining('012345'),
      html: expect.stringContaining('012345'),
    });
  });
});
