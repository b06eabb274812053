/** The questions of "learn" in the order of their page; a question adds its line when its page is there. */
export const questions: { to: string; title: string; asks: string }[] = [
  {
    to: '/learn/touchpoints',
    title: 'What matters',
    asks: 'Which moments go along with coming back, between equals.',
  },
  {
    to: '/learn/effects',
    title: 'What a broken promise goes along with',
    asks: 'Ratings and coming back, kept against broken, told against not told.',
  },
  {
    to: '/learn/return',
    title: 'Coming back',
    asks: 'When customers buy again, and what to expect of them.',
  },
  {
    to: '/learn/flows',
    title: 'Flows and paths',
    asks: 'What comes next, the ways customers take, who gets where in time.',
  },
  {
    to: '/learn/attribution',
    title: 'What wins first sales',
    asks: 'Five ways of crediting them, and how far they disagree.',
  },
  {
    to: '/learn/winning',
    title: 'What winning took',
    asks: 'Who buys, how long it takes, and why the others leave.',
  },
  {
    to: '/learn/improvements',
    title: 'Improvements',
    asks: 'What came of what you changed, and what has turned by itself.',
  },
  {
    to: '/learn/budget',
    title: 'Balance and budget',
    asks: 'Where the money goes, and what it has been shown to do.',
  },
  {
    to: '/learn/words',
    title: 'In their words',
    asks: 'What is said where it is good and where it is bad.',
  },
  {
    to: '/learn/score',
    title: 'How sure the score is',
    asks: 'Whether a customer’s score foretells who comes back, and what it is made of.',
  },
]
