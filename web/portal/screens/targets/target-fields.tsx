import type { ReactNode } from 'react'
import type { NoticeChannel } from '../../../../schemas/vocabulary/notices.ts'
import { Choice, Field, Fields } from '../../../shared/components/fields.tsx'
import { Mark } from '../../../shared/components/mark.tsx'

/** A target of notices as its form holds it. */
export interface TargetDraft {
  name: string
  kind: NoticeChannel
  address: string
  /** Leave empty to keep the current key. */
  key: string
  active: boolean
}

/** The draft that a form begins with: as the target is, or a new one. */
export function targetDraft(target: Omit<TargetDraft, 'key'> | null): TargetDraft {
  const { name, kind, address, active } = target ?? { name: '', kind: 'email', address: '', active: true }
  return { name, kind, address, active, key: '' }
}

/** The fields that every target has. `children` are those of its kind of notices. */
export function TargetFields({
  draft,
  set,
  fault,
  isNew,
  children,
}: {
  draft: TargetDraft
  set: (change: Partial<TargetDraft>) => void
  fault: (field: string) => string | undefined
  isNew: boolean
  children?: ReactNode
}) {
  return (
    <Fields>
      <Field
        label="Name"
        value={draft.name}
        fault={fault('name')}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      <Choice
        label="By"
        value={draft.kind}
        onChange={(event) => set({ kind: event.currentTarget.value === 'webhook' ? 'webhook' : 'email' })}
      >
        <option value="email">e-mail</option>
        <option value="webhook">webhook</option>
      </Choice>
      <Field
        label="Address"
        value={draft.address}
        fault={fault('address')}
        onChange={(event) => set({ address: event.currentTarget.value })}
      />
      {draft.kind === 'webhook' && (
        <Field
          label="Signing key"
          type="password"
          autoComplete="off"
          hint={isNew ? 'At least 16 characters; signs each body' : 'Leave empty to keep the current key'}
          value={draft.key}
          fault={fault('key')}
          onChange={(event) => set({ key: event.currentTarget.value })}
        />
      )}
      {children}
      <Choice
        label="State"
        value={draft.active ? 'active' : 'paused'}
        onChange={(event) => set({ active: event.currentTarget.value === 'active' })}
      >
        <option value="active">active</option>
        <option value="paused">paused</option>
      </Choice>
    </Fields>
  )
}

/** Whether a target is sent to. */
export function TargetMark({ active }: { active: boolean }) {
  return active ? <Mark word="Active" tone="normal" shape="ring" /> : <Mark word="Paused" tone="quiet" shape="bar" />
}

/** Where a target is: `e-mail desk@fsp.example`. */
export function addressInWords({ kind, address }: Pick<TargetDraft, 'kind' | 'address'>): string {
  return `${kind === 'email' ? 'e-mail' : 'webhook'} ${address}`
}
