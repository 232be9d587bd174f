import type { z } from 'zod'
import type { PlanAsset } from '../../../../../schemas/planning/sites/assets.ts'
import { Choice, Field } from '../../../../shared/components/fields.tsx'
import { shapeOf } from '../../../../shared/forms/shapes.ts'
import { assetsOf } from '../assets.ts'
import { type Band, Bands } from './bands.tsx'
import { DaysField } from './days-field.tsx'
import type { MemberWords } from './members.ts'

interface MemberInputProps {
  words: MemberWords
  schema: z.ZodType
  value: unknown
  /** What the choices of other assets are made from. */
  assets: readonly PlanAsset[]
  fault: string | null
  onChange: (value: unknown) => void
}

/** The field of a member of an asset, with its explanation. */
export function MemberInput({ words, schema, value, assets, fault, onChange }: MemberInputProps) {
  const { label, hint, more, unit, input, options } = words
  const about = { label, hint, more, fault }
  if (input === 'days') return <DaysField {...about} days={value as number[]} onChange={onChange} />
  if (input === 'bands') return <Bands {...about} bands={value as Band[]} onChange={onChange} />
  if (input === 'ev-type' || input === 'charge-point-type')
    return (
      <Choice {...about} value={String(value)} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">Choose</option>
        {assetsOf(assets, input).map(({ assetId, name }) => (
          <option key={assetId} value={assetId}>
            {name}
          </option>
        ))}
      </Choice>
    )
  if (options)
    return (
      <Choice {...about} value={String(value)} onChange={(event) => onChange(event.currentTarget.value)}>
        {Object.entries(options).map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </Choice>
    )
  return (
    <Field
      {...about}
      unit={unit}
      type={input === 'time' ? 'time' : 'text'}
      inputMode={shapeOf(schema).kind === 'number' || unit === '£' ? 'decimal' : undefined}
      value={String(value ?? '')}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}
