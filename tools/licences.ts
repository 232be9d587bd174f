import satisfies from 'spdx-satisfies'

/** Licences that may be part of what is shipped: none of them reaches beyond its own files. */
const forProduct = [
  'MIT',
  'MIT-0',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'CC-BY-3.0',
  'CC-BY-4.0',
  'PSF-2.0',
  'Unlicense',
  'Zlib',
]

/** Further licences of tools that only build and test, and are not shipped. */
const forTools = ['MPL-2.0']

/** Packages whose metadata name no licence, with what their own files state. */
const stated: readonly [name: RegExp, licence: string][] = [
  [/^png-js$/, 'MIT'],
  [/^precond$/, 'MIT'],
  [/^(ssh2|cpu-features|buildcheck)$/, 'MIT'],
  [/^@biomejs\/cli-/, 'MIT OR Apache-2.0'],
  [/^@oxc-parser\/binding-/, 'MIT'],
]

/** A package as CycloneDX lists it. */
export interface Component {
  name: string
  version: string
  licenses?: { license?: { id?: string; name?: string }; expression?: string }[]
  properties?: { name: string; value: string }[]
}

/** The licence of a package as an SPDX expression; `null` if nothing states it. */
export function licenceOf({ name, licenses = [] }: Component): string | null {
  const [first] = licenses
  const given = first?.expression ?? first?.license?.id ?? first?.license?.name
  return given ?? stated.find(([pattern]) => pattern.test(name))?.[1] ?? null
}

/** A sentence for each package whose licence is unknown or not among those that are accepted. */
export function licenceFaults(components: readonly Component[]): string[] {
  return components.flatMap((component) => {
    const licence = licenceOf(component)
    const what = `${component.name} ${component.version}`
    if (licence === null) return [`${what} states no licence: read its files, and add it to tools/licences.ts`]
    const accepted = isTool(component) ? [...forProduct, ...forTools] : forProduct
    return isAccepted(licence, accepted) ? [] : [`${what} has the licence ${licence}, which is not accepted here`]
  })
}

function isTool({ properties = [] }: Component): boolean {
  return properties.some(({ name, value }) => name === 'cdx:npm:package:development' && value === 'true')
}

function isAccepted(licence: string, accepted: string[]): boolean {
  try {
    return satisfies(licence, accepted)
  } catch {
    return false
  }
}
