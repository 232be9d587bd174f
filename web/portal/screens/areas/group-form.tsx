import { useState } from 'react'
import { z } from 'zod'
import { dnoGroup } from '../../../../schemas/grid/areas.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { count } from '../../../shared/format/power.ts'
import { CodeForm } from './code-form.tsx'
import type { Group } from './group.ts'

const form = z.object({ code: dnoGroup.shape.code, name: z.string().trim().min(1, 'is required') })

/** A DNO group: a new one, or another name for one. It goes only once it has no licence area. */
export function GroupForm({
  group,
  groups,
  onDone,
  onReload,
}: {
  group: Group | null
  groups: readonly Group[]
  onDone: () => void
  onReload: () => void
}) {
  const [draft, setDraft] = useState({ code: group?.code ?? '', name: group?.name ?? '' })
  // The version that the form began with: what others change meanwhile is not overwritten.
  const [version] = useState(group?.etag ?? null)
  const params = { code: draft.code }
  const isEmpty = group !== null && group.areas.length === 0
  return (
    <>
      <CodeForm
        form={form}
        draft={draft}
        set={(change) => setDraft((before) => ({ ...before, ...change }))}
        isNew={group === null}
        taken={groups.map(({ code }) => code)}
        noun="DNO group"
        save={({ name }) => api.call(operations.saveDnoGroup, { params, body: { name }, version })}
        remove={isEmpty && version !== null ? () => api.call(operations.removeDnoGroup, { params, version }) : null}
        consequence={`${group?.name ?? ''} has no licence area. It can be added again at any time.`}
        onDone={onDone}
        onReload={onReload}
      />
      {group && !isEmpty && (
        <p className="rm-secondary">
          It has {count(group.areas.length, 'licence area')}. Only a group without licence areas can be removed.
        </p>
      )}
    </>
  )
}
