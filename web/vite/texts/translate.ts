import { type FoundText, type Hole, textsIn } from './find.ts'

/** What a text of a source is in another language, with the same `{name}`s; `undefined` where nobody has translated it. */
export type Lookup = (text: string) => string | undefined

/** A piece of a text: words, or the name of a hole. */
type Piece = { words: string } | { hole: string }

/** A text of a catalogue in pieces; braces that are meant are doubled in it. */
function piecesOf(text: string): Piece[] {
  return text.split(/(\{\{|\}\}|\{[a-z]\w*\})/i).flatMap((token): Piece[] => {
    if (token === '') return []
    if (token === '{{' || token === '}}') return [{ words: token.charAt(0) }]
    return [/^\{\w+\}$/.test(token) ? { hole: token.slice(1, -1) } : { words: token }]
  })
}

/** The names of the holes of a text, in alphabetical order. */
function holesOf(text: string): string {
  return piecesOf(text)
    .flatMap((piece) => ('hole' in piece ? [piece.hole] : []))
    .sort()
    .join(', ')
}

/** What is wrong with a translation: it has to have each value of its text once. `null`: nothing. */
export function faultOf(text: string, translation: string): string | null {
  const [wanted, said] = [holesOf(text), holesOf(translation)]
  if (wanted === said) return null
  return `“${translation}” has ${said === '' ? 'no value' : `the values ${said}`}; as a translation of “${text}” it must have ${wanted === '' ? 'none' : `each of ${wanted} once`}`
}

/** A source with its texts in another language; `null` if none of them is translated. Errors: a translation with other holes. */
export function translated(path: string, code: string, lookup: Lookup): string | null {
  const texts = textsIn(path, code).flatMap((found) => {
    const said = lookup(found.text)
    return said === undefined ? [] : [{ found, said }]
  })
  if (texts.length === 0) return null

  /** A piece of the source, with the texts that lie whole within it in the other language. */
  function piece(start: number, end: number): string {
    let [written, at] = ['', start]
    for (const { found, said } of texts) {
      // What lies within a text that has been written already belongs to one of its holes.
      if (found.start < at || found.end > end) continue
      written += code.slice(at, found.start) + replaced(found, said)
      at = found.end
    }
    return written + code.slice(at, end)
  }

  function replaced(found: FoundText, said: string): string {
    const holes = new Map(
      found.parts.filter((part): part is Hole => typeof part !== 'string').map((hole) => [hole.name, hole]),
    )
    const fault = faultOf(found.text, said)
    if (fault !== null) throw new Error(fault)
    const written = (words: (words: string) => string, value: (source: string) => string) =>
      piecesOf(said)
        .map((each) => {
          if ('words' in each) return words(each.words)
          const hole = holes.get(each.hole)
          return hole ? value(piece(hole.start, hole.end)) : ''
        })
        .join('')
    const plain = () =>
      JSON.stringify(
        written(
          (words) => words,
          () => '',
        ),
      )
    const forms: Record<FoundText['form'], () => string> = {
      children: () =>
        written(
          (words) => `{${JSON.stringify(words)}}`,
          (source) => source,
        ),
      attribute: () => `{${plain()}}`,
      string: plain,
      template: () =>
        `\`${written(
          (words) => words.replaceAll(/[`\\]|\$\{/g, '\\$&'),
          (source) => `\${${source}}`,
        )}\``,
    }
    return forms[found.form]()
  }

  return piece(0, code.length)
}
