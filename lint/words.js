/**
 * Words that we replaced, each with the one to use. `npm run lint` refuses them in code, SQL, documents and messages,
 * inside of names too (`isBorn`). The list is short on purpose: words that came back, or that a stranger does not know.
 */
export const REFUSED = [
  { word: 'sighted|sightings?', use: 'observed, observed cluster' },
  { word: 'lookouts?', use: 'monitor context' },
  { word: 'retell(s|ing)?|retold', use: 'notify again' },
  { word: 'of before (there|then|they)', use: 'older' },
  { word: 'hitherto|thereof|therein|wherein|whereupon|thereupon|heretofore|lest', use: 'a common word' },
  { word: 'wears?|wore|worn', use: 'carries' },
  { word: 'mend(s|ed|ing)?', use: 'fix' },
  { word: 'begun', use: 'partial, or: has started' },
  { word: 'anew|afresh', use: 'again, or: from the start' },
  { word: 'whoever|whomever', use: 'who it is: the caller, the operator' },
  { word: '(is|are|be|was|were) had', use: 'is available' },
  { word: 'births?|born|unborn', use: 'created, creation time, late cluster' },
  { word: 'judges?|judged', use: 'compare' },
  { word: 'in[ -]vain', use: 'without success, without effect; of a wait: orphaned' },
  { word: 'doubts?|doubtful', use: 'recheck' },
  { word: 'surveys?|surveyed', use: 'audit' },
  { word: 'tells? of|told of', use: 'names, notifies of' },
  { word: 'nobody’s|somebody else’s|anybody’s', use: 'without an owner, of another owner' },
];
