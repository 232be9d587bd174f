import { z } from 'zod'

/** The country whose bank holidays hold, by ISO 3166-2: England, Scotland, Wales or Northern Ireland. */
export const country = z.enum(['ENG', 'SCT', 'WLS', 'NIR'])
export type Country = z.infer<typeof country>
