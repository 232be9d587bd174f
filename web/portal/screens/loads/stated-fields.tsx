import { Checkbox } from '@mantine/core'
import type { z } from 'zod'
import type { zoneOfFile } from '../../../../schemas/vocabulary/file-import.ts'
import { Choice, Fields } from '../../../shared/components/fields.tsx'

/** What a person states of a file that does not say it itself. */
export interface Stated {
  /** Which end of its half-hour a time names. */
  stamp: 'period-start' | 'period-end'
  /** The zone of times without an offset. */
  zone: z.infer<typeof zoneOfFile>
  /** Whether loads that no such node carries are stored all the same. */
  implausible: 'refuse' | 'accept'
}

interface StatedFieldsProps {
  stated: Stated
  hasLoads: boolean
  hasStamp: boolean
  onChange: (stated: Stated) => void
}

export function StatedFields({ stated, hasLoads, hasStamp, onChange }: StatedFieldsProps) {
  const set = (change: Partial<Stated>) => onChange({ ...stated, ...change })
  return (
    <Fields>
      {hasStamp && (
        <Choice
          label="A time names"
          value={stated.stamp}
          onChange={({ currentTarget: { value } }) =>
            set({ stamp: value === 'period-end' ? 'period-end' : 'period-start' })
          }
        >
          <option value="period-start">the start of the half-hour</option>
          <option value="period-end">the end of the half-hour</option>
        </Choice>
      )}
      <Choice
        label="Times without an offset"
        hint="Times such as 2026-01-15T17:00:00Z have an offset and need nothing here."
        value={stated.zone ?? ''}
        onChange={({ currentTarget: { value } }) =>
          set({ zone: value === 'UTC' || value === 'Europe/London' ? value : undefined })
        }
      >
        <option value="">are flaws</option>
        <option value="UTC">are UTC</option>
        <option value="Europe/London">are local time, Europe/London</option>
      </Choice>
      {hasLoads && (
        <Checkbox
          label="Accept loads that look wrong for their node: I have checked them"
          checked={stated.implausible === 'accept'}
          onChange={({ currentTarget: { checked } }) => set({ implausible: checked ? 'accept' : 'refuse' })}
        />
      )}
    </Fields>
  )
}
