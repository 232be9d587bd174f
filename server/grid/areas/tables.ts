import { index, integer, pgTable, text } from 'drizzle-orm/pg-core'
import { optionsOf } from '../../../platform/db/index.ts'
import { country } from '../../../schemas/vocabulary/country.ts'

/** Groups of licence areas under one owner, such as UK Power Networks. */
export const dnoGroup = pgTable('dno_group', {
  code: text().primaryKey(),
  name: text().notNull(),
  /** Grows with every change, so that two simultaneous editors notice each other (FM15). */
  revision: integer().notNull().default(1),
})

/** Licence areas: every node and every connection is in one of them. */
export const licenceArea = pgTable(
  'licence_area',
  {
    code: text().primaryKey(),
    name: text().notNull(),
    groupCode: text('group_code')
      .notNull()
      .references(() => dnoGroup.code),
    /** Whose bank holidays hold in it. */
    country: text({ enum: optionsOf(country) })
      .notNull()
      .default('ENG'),
    revision: integer().notNull().default(1),
  },
  (t) => [index('licence_area_group').on(t.groupCode)],
)
