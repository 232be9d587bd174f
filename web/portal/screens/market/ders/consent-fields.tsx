import { Field } from '../../../../shared/components/fields.tsx'
import type { ConsentDraft } from './draft.ts'

interface ConsentFieldsProps {
  draft: ConsentDraft
  fault: (field: keyof ConsentDraft) => string | undefined
  set: (change: Partial<ConsentDraft>) => void
}

/** What shows the consent of a DER's owner, and its days. */
export function ConsentFields({ draft, fault, set }: ConsentFieldsProps) {
  return (
    <>
      <Field
        label="Shown by"
        hint="As the sign-up of a home, with its number and date."
        maxLength={200}
        value={draft.reference}
        fault={fault('reference')}
        onChange={(event) => set({ reference: event.currentTarget.value })}
      />
      <Field
        label="First day"
        type="date"
        value={draft.from}
        fault={fault('from')}
        onChange={(event) => set({ from: event.currentTarget.value })}
      />
      <Field
        label="First day without it"
        type="date"
        hint="Empty for no end."
        value={draft.until}
        fault={fault('until')}
        onChange={(event) => set({ until: event.currentTarget.value })}
      />
    </>
  )
}
