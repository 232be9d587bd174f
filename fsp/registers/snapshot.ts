import type { z } from 'zod'
import type { RegisterName, registers } from '../../schemas/fsp/registers/index.ts'

/** What an entry of a register says. */
export type DataOf<R extends RegisterName> = z.infer<(typeof registers)[R]['data']>

/** The entries in use at an instant. */
export type Snapshot = { readonly [R in RegisterName]: ReadonlyMap<string, DataOf<R>> }

/** What is wrong with an entry, so that a change is refused. */
export interface Flaw {
  register: RegisterName
  key: string
  field: string
  message: string
}
