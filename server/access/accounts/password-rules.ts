import { brokenField, type Refusal } from '../../../schemas/vocabulary/outcome.ts'

/** Names of this product and of the trade that make a password easy to guess (ASVS 5.0 V6.1.2, V6.2.11). */
const namesOfTheTrade = [
  'ringmain',
  'flexibility',
  'substation',
  'headroom',
  'dispatch',
  'depot',
  'network',
  'operator',
]

/** Least strength, on the scale of zxcvbn from 0 to 4: 3 withstands 10^8 guesses. */
const leastScore = 3

type Estimate = (password: string, names: string[]) => { score: number; warning: string | null }

let estimate: Promise<Estimate> | undefined

/**
 * Why a password cannot be chosen; `null` if it can. It is compared with dictionaries of common and breached passwords, names and
 * words, which come with a library: nothing leaves this machine.
 * @param names that belong to the person: user name, full name.
 */
export async function passwordFault(password: string, names: readonly string[]): Promise<Refusal | null> {
  estimate ??= loadEstimate()
  const { score, warning } = (await estimate)(password, [...namesOfTheTrade, ...names.flatMap(wordsOf)])
  if (score >= leastScore) return null
  const why = warning ? ` (${warning})` : ''
  return brokenField(
    'password',
    `is too easy to guess${why}: several words that have nothing to do with each other are better`,
  )
}

function wordsOf(name: string): string[] {
  return [name, ...name.split(/[^\p{L}\p{N}]+/u)].filter((word) => word.length > 2)
}

/** Loads the dictionaries when they are first needed: they take some 30 MB. */
async function loadEstimate(): Promise<Estimate> {
  const [{ ZxcvbnFactory }, common, english] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
    import('@zxcvbn-ts/language-en'),
  ])
  const zxcvbn = new ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...english.dictionary },
    graphs: common.adjacencyGraphs,
    translations: english.translations,
  })
  return (password, names) => {
    const { score, feedback } = zxcvbn.check(password, names)
    return { score, warning: feedback.warning }
  }
}
