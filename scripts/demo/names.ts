/** Usernames of the seeded people, the same for the same number, each once. */

const first = [
  ...[
    'ana',
    'mia',
    'leo',
    'emma',
    'noah',
    'lina',
    'omar',
    'yuki',
    'ivan',
    'sara',
    'tom',
    'aisha',
    'hugo',
    'nora',
    'ravi',
  ],
  ...[
    'elif',
    'jonas',
    'chloe',
    'mateo',
    'zoe',
    'finn',
    'amira',
    'luca',
    'ines',
    'kofi',
    'maya',
    'oskar',
    'lea',
    'diego',
  ],
  ...[
    'freya',
    'tariq',
    'hana',
    'milo',
    'greta',
    'pablo',
    'alma',
    'sami',
    'ruth',
    'enzo',
    'dana',
    'iris',
    'malik',
    'vera',
  ],
  ...['theo', 'nina', 'joao', 'lucia', 'anton', 'priya', 'felix', 'rosa'],
];
const last = [
  ...[
    'lima',
    'berg',
    'costa',
    'novak',
    'silva',
    'haas',
    'okoye',
    'tanaka',
    'moreau',
    'rossi',
    'khan',
    'larsen',
    'weber',
  ],
  ...['santos', 'kim', 'dubois', 'ahmed', 'fischer', 'garcia', 'patel', 'nilsen', 'romano', 'ito', 'mensah', 'vogel'],
  ...[
    'castro',
    'lund',
    'petrov',
    'diaz',
    'keller',
    'sato',
    'moran',
    'blanc',
    'aydin',
    'walsh',
    'ricci',
    'jensen',
    'roy',
  ],
];

/** The author whom everybody follows when the world has a celebrity. */
export const celebrity = 'star';

/** @param place 0, 1, 2 and so on: `ana`, `mia`, `leo`, then with surnames. */
export function nameOf(place: number): string {
  if (place < 3) return first[place] as string;
  const [given, turn] = [place % first.length, Math.floor(place / first.length)];
  const round = Math.floor(turn / last.length);
  return `${first[given]}.${last[(turn + 5 * given) % last.length]}${round === 0 ? '' : round + 1}`;
}
