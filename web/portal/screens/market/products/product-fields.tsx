import { Checkbox } from '@mantine/core'
import { type BaselineMethod, baselineMethod } from '../../../../../schemas/settlement/baselines.ts'
import { priceRule } from '../../../../../schemas/settlement/statements.ts'
import { Choice, Field, Fields } from '../../../../shared/components/fields.tsx'
import { methodWords, priceRuleWords, schemeInWords } from '../../settlement/words.ts'
import { SchemeFields } from '../contracts/scheme-fields.tsx'
import { type ProductDraft, readProduct } from './draft.ts'

interface ProductFieldsProps {
  draft: ProductDraft
  fault: (field: string) => string | undefined
  set: (change: Partial<ProductDraft>) => void
}

/** The rules of a product, of a new one and of one that is there. */
export function ProductFields({ draft, fault, set }: ProductFieldsProps) {
  const { settings } = readProduct(draft)
  return (
    <>
      <Fields>
        <Field
          label="Name"
          maxLength={100}
          value={draft.name}
          fault={fault('name')}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
      </Fields>
      <Checkbox
        size="xs"
        label="Pays availability"
        checked={draft.paysAvailability}
        onChange={(event) => set({ paysAvailability: event.currentTarget.checked })}
      />
      <Checkbox
        size="xs"
        label="Pays utilisation"
        error={fault('paysUtilisation')}
        checked={draft.paysUtilisation}
        onChange={(event) => set({ paysUtilisation: event.currentTarget.checked })}
      />
      <Fields>
        <Choice
          label="Utilisation price"
          value={draft.priceRule}
          onChange={(event) => set({ priceRule: priceRule.parse(event.currentTarget.value) })}
        >
          {priceRule.options.map((rule) => (
            <option key={rule} value={rule}>
              {priceRuleWords[rule]}
            </option>
          ))}
        </Choice>
        <SchemeFields draft={draft} fault={fault} set={set} hint={settings && schemeInWords(settings.paymentScheme)} />
        <Choice
          label="Usual baseline"
          value={draft.usualMethod}
          fault={fault('baselineMethods')}
          hint="Of contracts that state none."
          onChange={(event) => set({ usualMethod: baselineMethod.parse(event.currentTarget.value) })}
        >
          {baselineMethod.options.map((method) => (
            <option key={method} value={method}>
              {methodWords[method]}
            </option>
          ))}
        </Choice>
        <Field
          label="Notice at least"
          unit="minutes"
          inputMode="numeric"
          value={draft.noticeMinutes}
          fault={fault('noticeMinutes')}
          hint="From the issue of an instruction to its start, besides what an FU states."
          onChange={(event) => set({ noticeMinutes: event.currentTarget.value })}
        />
      </Fields>
      <Checkbox.Group
        size="sm"
        label="Its contracts may state other baselines"
        value={[...draft.otherMethods]}
        onChange={(methods) => set({ otherMethods: methods as BaselineMethod[] })}
      >
        {baselineMethod.options
          .filter((method) => method !== draft.usualMethod)
          .map((method) => (
            <Checkbox key={method} size="xs" my={8} value={method} label={methodWords[method]} />
          ))}
      </Checkbox.Group>
    </>
  )
}
