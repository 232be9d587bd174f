/**
 * Whether a string that stands somewhere is shown: `shown` even if it is a single small word, `perhaps` if it looks like words, `hardly` if it is
 * several words where there is mostly a name, and `never` where strings are addresses, styles or what somebody types.
 */
export type Place = 'shown' | 'perhaps' | 'hardly' | 'never'

const set = (words: string) => new Set(words.trim().split(/\s+/))

/** Attributes and members whose strings people read, whatever they look like. */
const readByPeople = set(`
  about aria-description aria-label aria-placeholder aria-roledescription aria-valuetext bias body caption cell consequence description empty
  fileLabel header heading hint label meaning means message more noun one other placeholder plural purpose saveLabel singular subtitle summary
  text title unit what who why without word wrong`)

/** Attributes and members whose strings programs read. */
const readByPrograms = set(`
  accept access action align as autoComplete className classNames clientId code color colour component cx cy d display dropShadow field
  fill flex format from gridTemplateColumns height host href htmlFor icon id inputMode justify key kind licenceArea method mimeType mode mpan
  name operation order path pattern position product protocol quality queryKey rel resolution role shape size state stroke style styles
  target textAlign timeZone to token tone transform type unitId validFrom validTo value variant viewBox weight width zone`)

/** Those of them that are also members of records of words, such as what is wrong with each field of a form. */
const nameOrWords = set('clientId code from host licenceArea mpan name state token type unitId validFrom validTo value')

/** Functions whose arguments programs read. */
const withNames = set(`
  Error TypeError RangeError URL Intl CustomEvent getItem setItem querySelector getElementById addEventListener removeEventListener
  dispatchEvent matchMedia querySelectorAll createElement get has append split startsWith endsWith includes indexOf match test replace replaceAll
  parse lazy createRoute createRootRoute getRouteApi useSearch useParams useNavigate useLoaderData useMatch`)

/** Strings that look like words and are names of keys, headers and the like. */
const nameOfProgram =
  /^(Arrow(Up|Down|Left|Right)|Enter|Escape|Home|End|Tab|Page(Up|Down)|Delete|Backspace|Content-Type|Authorization|Idempotency-Key|If-(None-)?Match|Retry-After|ETag|Accept|Bearer|AbortError|Europe\/London|FeatureCollection|Feature|Point|Polygon|MultiPolygon|LineString|Noto Sans.*|Infinity|NaN)$/

const letters = /\p{L}/u

/** Those of them that stand beside words in what is words otherwise: `{ word: 'Short', tone: 'fault' }`. */
const besideWords = set('className color colour columns field icon id input path shape size style to tone type variant')

/** What the strings of an attribute are. */
export function placeOfAttribute(name: string): Place {
  if (readByPeople.has(name)) return 'shown'
  return readByPrograms.has(name) || /^(aria|data)-/.test(name) ? 'never' : 'perhaps'
}

/** What the strings below a member of an object are. @param outer where the object stands. */
export function placeBelow(name: string, outer: Place): Place {
  // The members of a record of words are the things that the words are for, whatever they are called.
  if (outer === 'shown') return besideWords.has(name) ? 'never' : 'shown'
  if (readByPeople.has(name)) return 'shown'
  if (outer !== 'never' && nameOrWords.has(name)) return 'hardly'
  return outer === 'never' || readByPrograms.has(name) || /^(aria|data)-/.test(name) ? 'never' : outer
}

/** What an argument of a function is. @param outer where the call stands. @param index of the argument. */
export function placeOfArgument(callee: string, outer: Place, index: number): Place {
  // What is set is said of a name: `faults.set('name', 'Give it a name.')`.
  if (callee === 'set' && index === 0) return 'never'
  // How many there are of something, and what is said where there is no value: `kwhOr(metered, 'none')`.
  if (callee === 'count' || /[a-z]Or$/.test(callee)) return 'shown'
  return withNames.has(callee) || outer === 'never' ? 'never' : 'perhaps'
}

/** Whether a method says something of strings instead of making other ones. */
export function isSearched(method: string): boolean {
  return /^(includes|indexOf|has|split|test|match|startsWith|endsWith|some|every|findIndex)$/.test(method)
}

/** Whether a string is the name of what stands behind it: it begins with a capital. */
export function isTerm(text: unknown): boolean {
  return typeof text === 'string' && !nameOfProgram.test(text) && /^\p{Lu}.*\p{Ll}/u.test(text)
}

/** What the strings of something are that has a name: `stateInWords`, `kindWords` and `dayNames` say what people read, `gateAsTyped` what they type. */
export function placeWithin(name: string): Place {
  if (/AsTyped$/.test(name)) return 'never'
  return /(Words?|Names|Labels|Titles)$/.test(name) ? 'shown' : 'perhaps'
}

/** Whether a string at a place is a text. */
export function isText(text: string, place: Place): boolean {
  // What ends an identifier, as in `${id}-hint`, may stand anywhere.
  if (place === 'never' || !letters.test(text) || /^-[a-z-]+$/.test(text)) return false
  return place === 'shown' || (looksLikeWords(text) && (place === 'perhaps' || /\s\S/.test(text.trim())))
}

/** Several words, or one with a capital; not a path, an address, a call or a declaration of a style. */
function looksLikeWords(text: string): boolean {
  if (nameOfProgram.test(text)) return false
  const isForPrograms = /^[\w-]+\(|^(https?:|[/.#]|--|\w+\/\w)|^[a-z-]+: ?[^;]+;|=>|\$\{/.test(text)
  return !isForPrograms && (/\p{L}[,;:]?\s+\S|\S\s+\p{L}/u.test(text.trim()) || /^\p{Lu}[\p{L}-]*\p{Ll}/u.test(text))
}
