import { type ConnectionForm, connectionForm } from '../../../../schemas/grid/connections.ts'
import { wordsIn } from '../../../shared/typed-lists.ts'

/** A connection as it is typed. An empty export capacity is not stated, which is not 0. */
export type ConnectionDraft = Record<
  'name' | 'customer' | 'address' | 'licenceArea' | 'nodeId' | 'ascKva' | 'exportKva' | 'powerFactor' | 'mpans',
  string
>

type Faults = Partial<Record<keyof ConnectionDraft, string>>

const wrong: Record<keyof ConnectionDraft, string> = {
  name: 'Give it a name, at most 100 letters.',
  customer: 'Name the customer, at most 200 letters.',
  address: 'Enter at most 500 letters.',
  licenceArea: 'Choose the licence area.',
  nodeId: 'Choose the node that feeds it.',
  ascKva: 'Enter 1 to 100,000 kVA.',
  exportKva: 'Leave it empty, or enter 0 to 100,000 kVA.',
  powerFactor: 'Enter 0.5 to 1.',
  mpans: 'Enter MPANs of 13 digits each, at most 20, each once.',
}

/** A connection as it was typed, or what is wrong with it. */
export function readConnection(draft: ConnectionDraft): { body: ConnectionForm | null; faults: Faults } {
  const read = connectionForm.safeParse({
    name: draft.name.trim(),
    customer: draft.customer.trim(),
    address: draft.address.trim(),
    licenceArea: draft.licenceArea,
    nodeId: draft.nodeId.trim(),
    ascKva: numberOf(draft.ascKva),
    exportKva: draft.exportKva.trim() === '' ? null : numberOf(draft.exportKva),
    powerFactor: numberOf(draft.powerFactor),
    mpans: wordsIn(draft.mpans),
  })
  if (read.success) return { body: read.data, faults: {} }
  const fields = Object.keys(wrong) as (keyof ConnectionDraft)[]
  const faulty = fields.filter((field) => read.error.issues.some(({ path }) => path[0] === field))
  return { body: null, faults: Object.fromEntries(faulty.map((field) => [field, wrong[field]])) }
}

/** A number as typed; not a number if it is none. */
function numberOf(text: string): number {
  return /^\d*\.?\d+$/.test(text.trim()) ? Number(text) : Number.NaN
}
