import { useState } from 'react'
import { z } from 'zod'
import { type KnownArea, knownArea } from '../../../../schemas/grid/areas.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { Choice } from '../../../shared/components/fields.tsx'
import { CodeForm } from './code-form.tsx'
import type { Group } from './group.ts'

const form = z.object({
  code: knownArea.shape.code,
  name: z.string().trim().min(1, 'is required'),
  groupCode: z.string().min(1, 'is required'),
})

/** A licence area: a new one, or another name or group for one. It goes only while nothing is in it. */
export function AreaForm({
  area,
  groups,
  onDone,
  onReload,
}: {
  area: KnownArea | null
  groups: readonly Group[]
  onDone: () => void
  onReload: () => void
}) {
  const [draft, setDraft] = useState({
    code: area?.code ?? '',
    name: area?.name ?? '',
    groupCode: area?.groupCode ?? groups[0]?.code ?? '',
  })
  // The version that the form began with: what others change meanwhile is not overwritten.
  const [version] = useState(area?.etag ?? null)
  const params = { code: draft.code }
  const set = (change: Partial<typeof draft>) => setDraft((before) => ({ ...before, ...change }))
  return (
    <CodeForm
      form={form}
      draft={draft}
      set={set}
      isNew={area === null}
      taken={groups.flatMap(({ areas }) => areas.map(({ code }) => code))}
      noun="licence area"
      save={({ name, groupCode }) =>
        api.call(operations.saveLicenceArea, { params, body: { name, groupCode }, version })
      }
      remove={version === null ? null : () => api.call(operations.removeLicenceArea, { params, version })}
      consequence={`${area?.name ?? ''} is removed. This works only while it has no nodes, connections or weather.`}
      onDone={onDone}
      onReload={onReload}
    >
      {(fault) => (
        <Choice
          label="DNO group"
          value={draft.groupCode}
          fault={fault('groupCode')}
          onChange={(event) => set({ groupCode: event.currentTarget.value })}
        >
          {groups.map(({ code, name }) => (
            <option key={code} value={code}>
              {name} ({code})
            </option>
          ))}
        </Choice>
      )}
    </CodeForm>
  )
}
