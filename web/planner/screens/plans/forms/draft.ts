import type { PlanAssetForm } from '../../../../../schemas/planning/sites/assets.ts'
import { enteredOf, faultOf, shapeOf } from '../../../../shared/forms/shapes.ts'
import { contractOf, type FormKind, members } from './members.ts'

/** An asset as it is entered: numbers as their digits, so that half a number stays what it is. */
export interface Draft {
  name: string
  content: Record<string, unknown>
}

/** What is stored, or what a form begins with, as it is entered. */
export function draftOf({ name, content }: { name: string; content: Readonly<Record<string, unknown>> }): Draft {
  return { name, content: typed(content) as Record<string, unknown> }
}

function typed(value: unknown, isOfDays = false): unknown {
  // Days are ticked, not typed.
  if (typeof value === 'number') return isOfDays ? value : String(value)
  if (Array.isArray(value)) return value.map((each) => typed(each, isOfDays))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, typed(each, name === 'days')]))
}

export interface ReadDraft {
  /** As the API takes it; `null` while something is wrong. */
  form: PlanAssetForm | null
  /** What is wrong, by member; `name` for the name. */
  faults: ReadonlyMap<string, string>
}

/** A draft as the API takes it, or what is wrong with it in our words. */
export function readDraft(kind: FormKind, draft: Draft): ReadDraft {
  const contract = contractOf(kind)
  const faults = new Map<string, string>()
  const name = draft.name.trim()
  if (name === '') faults.set('name', 'Give it a name.')
  if (name.length > 100) faults.set('name', 'Give it a name of at most 100 letters.')
  const read = contract.safeParse(enteredOf(contract, draft.content))
  for (const { path, message } of read.error?.issues ?? []) {
    const [member, ...within] = path.map(String)
    const schema = member === undefined ? undefined : contract.shape[member]
    if (member === undefined || !schema || faults.has(member)) continue
    const { input } = members[kind][member] ?? {}
    if (input === 'ev-type' || input === 'charge-point-type') faults.set(member, 'Choose one.')
    else if (within.length > 0) faults.set(member, partFault(within, message))
    else faults.set(member, faultOf(shapeOf(schema as Parameters<typeof shapeOf>[0]), message))
  }
  if (!read.success || faults.size > 0) return { form: null, faults }
  return { form: { kind, name, content: read.data } as PlanAssetForm, faults }
}

/** What is wrong with one of several prices. */
function partFault([place, part]: readonly string[], message: string): string {
  const which = `Price ${Number(place) + 1}`
  if (message.startsWith('must ')) return `${which} ${message}.`
  return part === 'pencePerKwh' ? `${which}: give a number of pence.` : `${which}: fill in its times and days.`
}
