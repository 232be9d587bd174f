import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { z } from 'zod'
import { fspOperations } from '../../../../schemas/fsp/operations.ts'
import { type RegisterName, registers } from '../../../../schemas/fsp/registers/index.ts'
import { Field, Fields } from '../../../shared/components/fields.tsx'
import { SaveProblem } from '../../../shared/components/save-problem.tsx'
import { SidePanel } from '../../../shared/components/side-panel.tsx'
import { emptyOf, enteredOf, faultOf, shapeOf } from '../../../shared/forms/shapes.ts'
import { api } from '../../api.ts'
import { type Entry, useRegisterRefusal } from './access.ts'
import { MemberField } from './member-field.tsx'
import { memberWords, registerWords } from './words.ts'

interface EntryFormProps {
  name: RegisterName
  /** `null`: a new one. */
  entry: Entry | null
  onClose: () => void
  onSaved: (key: string) => void
}

/** Adds an entry to a register, or makes the next version of one. */
export function EntryForm({ name, entry, onClose, onSaved }: EntryFormProps) {
  const queries = useQueryClient()
  const refusal = useRegisterRefusal(name)
  const contract: z.ZodObject = registers[name].data
  const [key, setKey] = useState(entry?.key ?? '')
  const [draft, setDraft] = useState(() => entry?.data ?? (emptyOf(shapeOf(contract)) as Record<string, unknown>))
  const [reason, setReason] = useState('')
  const [wasTried, setWasTried] = useState(false)
  const read = contract.safeParse(enteredOf(contract, draft))
  const save = useMutation({
    mutationFn: (data: Record<string, unknown>) =>
      api.call(fspOperations.registers[name].put as typeof fspOperations.registers.tokens.put, {
        params: { key: key.trim() },
        body: { data: data as never, ...(reason.trim() === '' ? {} : { reason }) },
        version: entry?.version ?? null,
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['register', name] })
      onSaved(key.trim())
    },
  })
  const faultAt = (place: string) => (wasTried ? faultIn(contract, read.error?.issues ?? [], place) : null)
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setWasTried(true)
    if (read.success && key.trim() !== '') save.mutate(read.data)
  }
  const words = registerWords[name]
  return (
    <SidePanel title={entry ? `Change ${entry.key}` : `Add to: ${words.name.toLowerCase()}`} onClose={onClose}>
      <form onSubmit={onSubmit} noValidate>
        <Fields>
          {!entry && (
            <Field
              label={words.key}
              value={key}
              fault={wasTried && key.trim() === '' ? 'Fill this in.' : null}
              onChange={(event) => setKey(event.currentTarget.value)}
            />
          )}
          {Object.entries(contract.shape).map(([member, schema]) => (
            <MemberField
              key={member}
              label={memberWords(member)}
              place={member}
              schema={schema as z.ZodType}
              value={draft[member]}
              onChange={(value) => setDraft({ ...draft, [member]: value })}
              faultAt={faultAt}
            />
          ))}
          <Field label="Reason" value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
        </Fields>
        {save.isError && <SaveProblem error={save.error} fields={[]} onReload={onClose} />}
        <Button
          type="submit"
          variant="filled"
          mt={12}
          disabled={refusal !== null}
          title={refusal ?? undefined}
          loading={save.isPending}
        >
          Save
        </Button>
      </form>
    </SidePanel>
  )
}

type Issue = { readonly path: readonly PropertyKey[]; readonly message: string }

/** Why what stands at a place is not taken, in words. */
function faultIn(contract: z.ZodType, issues: readonly Issue[], place: string): string | null {
  const issue = issues.find(({ path }) => path.map(String).join('.') === place)
  if (!issue) return null
  let schema = contract
  for (const step of issue.path) {
    const shape = shapeOf(schema)
    if (shape.kind === 'list') schema = shape.element
    else if (shape.kind === 'group') schema = shape.members[String(step)] ?? schema
  }
  return faultOf(shapeOf(schema), issue.message)
}
