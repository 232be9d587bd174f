import { expect, test } from 'vitest'
import { z } from 'zod'
import { acts } from '../../../../schemas/acts.ts'
import { operations } from '../../../../schemas/operations.ts'
import { allSettings } from '../../../../schemas/settings/index.ts'
import type { Operation } from '../../../../schemas/vocabulary/operation.ts'
import { changeWords, hasWords } from './words.ts'

/** A node of a JSON schema, as far as it is walked here. */
interface Node {
  $ref?: string
  $defs?: Record<string, Node>
  properties?: Record<string, Node>
  items?: Node
  additionalProperties?: Node | boolean
  anyOf?: Node[]
  oneOf?: Node[]
  allOf?: Node[]
}

/** The names of all members of a form, however deep. */
function namesIn(form: z.ZodType): Set<string> {
  const root = z.toJSONSchema(form, { io: 'input', unrepresentable: 'any' }) as Node
  const [found, seen] = [new Set<string>(), new Set<string>()]
  const walk = (node: Node | undefined): void => {
    if (!node || typeof node !== 'object') return
    const name = node.$ref?.split('/').at(-1)
    if (name !== undefined && !seen.has(name)) {
      seen.add(name)
      walk(root.$defs?.[name])
    }
    for (const [member, inner] of Object.entries(node.properties ?? {})) {
      found.add(member)
      walk(inner)
    }
    for (const inner of [node.items, node.additionalProperties]) if (typeof inner === 'object') walk(inner)
    for (const inner of [node.anyOf, node.oneOf, node.allOf].flat()) walk(inner)
  }
  walk(root)
  return found
}

/** Members that a proposal shows beside or in place of those of its form, by operation. */
const shown: Readonly<Record<string, { besides?: string[]; insteadOf?: string[] }>> = {
  // The names of the sites.
  saveCustomerSites: { insteadOf: ['connectionIds'] },
  // The connections themselves, by name.
  changeCapacities: { insteadOf: ['changes', 'mpan'] },
  decideOnApplication: {
    insteadOf: ['decision'],
    besides: ['status', 'contactEmail', 'controlBaseUrl', 'controlTokenEndpoint'],
  },
  setDispatchRoute: { insteadOf: ['route', 'email'], besides: ['dispatchRoute', 'dispatchEmail'] },
  changeTimetable: { besides: ['inForceFrom'] },
  enterStandingContract: { besides: ['servesOthers'] },
  decideOnHeldUpload: { insteadOf: ['decision'], besides: ['state', 'reasons'] },
}

const proposals = Object.entries(acts).filter(([name, act]) => act.needs === 'proposal' && name !== 'changeSetting')

test.each(proposals)('every member of a proposal of %s has words', (name) => {
  const { body } = operations[name as keyof typeof operations] as Operation
  const { besides = [], insteadOf = [] } = shown[name] ?? {}
  const names = new Set([...namesIn(body as z.ZodType), ...besides])
  for (const each of insteadOf) expect(names.delete(each), `${name} has no ${each} any more`).toBe(true)
  expect([...names].filter((each) => !hasWords(each))).toEqual([])
})

test('a field is said in words, with its place in a list and without its name in the API', () => {
  expect(changeWords('enterStandingContract', 'windows[0].weekdays[1]')).toBe('Windows, no. 1, Days of the week, no. 2')
  expect(changeWords('changeMasterData', 'ascKva')).toBe('Agreed supply capacity, kVA')
  expect(changeWords('registerHub', 'points.group 30 index 4.deadBand')).toBe('Points, group 30 index 4, Dead band')
  expect(changeWords('saveCustomerSites', 'St. Pancras, MPAN 1200012345678')).toBe('St. Pancras, MPAN 1200012345678')
  expect(changeWords('changeCapacities', 'Leyton (5f0c1b2a).ascKva')).toBe(
    'Leyton (5f0c1b2a), Agreed supply capacity, kVA',
  )
  expect(changeWords('changeSetting', 'usualLookBackDays[2]')).toBe('usual look back days, no. 3')
})

test('no figure of a setting is shown under its name in the API, unless that is a word', () => {
  const raw = allSettings.flatMap(({ id, defaults }) =>
    Object.keys(defaults).flatMap((name) =>
      /[A-Z]/.test(name) && changeWords('changeSetting', name) === name ? [`${id} ${name}`] : [],
    ),
  )
  expect(raw).toEqual([])
})
