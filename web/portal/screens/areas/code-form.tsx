import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { z } from 'zod'
import { Field, Fields } from '../../../shared/components/fields.tsx'
import { SaveProblem } from '../../../shared/components/save-problem.tsx'
import { TwoStep } from '../../../shared/components/two-step.tsx'
import { faultsOf } from '../../../shared/form-faults.ts'
import { areasQuery } from '../../grid-queries.ts'
import { useRefusal } from '../../session.ts'
import styles from './code-form.module.css'

/** A thing that is known by a code and has a name. */
interface Draft {
  code: string
  name: string
}

interface CodeFormProps<T extends Draft> {
  /** The form’s contract; codes are part of it. */
  form: z.ZodType<T>
  draft: Draft
  set: (change: Partial<Draft>) => void
  isNew: boolean
  /** Codes that are taken already. */
  taken: readonly string[]
  /** What is stored under the name of its own, in words: `licence area`. */
  noun: string
  save: (given: T) => Promise<unknown>
  remove: (() => Promise<unknown>) | null
  /** What follows if it is removed. */
  consequence: string
  onDone: () => void
  /** Begins again with what is stored. */
  onReload: () => void
  children?: (fault: (field: string) => string | undefined) => ReactNode
}

/** Adds or changes what is known by a code, or removes it. */
export function CodeForm<T extends Draft>(props: CodeFormProps<T>) {
  const { form, draft, set, isNew, taken, noun, onDone, children } = props
  const [tried, setTried] = useState(false)
  const queries = useQueryClient()
  const refusal = useRefusal('planner')
  const reload = () => queries.invalidateQueries({ queryKey: areasQuery.queryKey })
  const done = async () => {
    await reload()
    onDone()
  }
  const save = useMutation({ mutationFn: props.save, onSuccess: done })
  const read = form.safeParse(draft)
  const faults = faultsOf(tried, read, save.error)
  const isTaken = isNew && taken.includes(draft.code)
  const takenFault = tried && isTaken ? `There is already a ${noun} with this code.` : null
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (read.success && !isTaken) save.mutate(read.data)
  }
  return (
    <form className={styles.form} onSubmit={onSubmit} noValidate>
      <Fields>
        <CodeFields draft={draft} set={set} isNew={isNew} takenFault={takenFault} faults={faults} />
        {children?.(faults)}
      </Fields>
      {save.isError && (
        <SaveProblem
          error={save.error}
          fields={['code', 'name', 'groupCode']}
          onReload={() => void reload().then(props.onReload)}
        />
      )}
      <div className={styles.actions}>
        {props.remove && (
          <Remove noun={noun} remove={props.remove} consequence={props.consequence} refusal={refusal} onDone={done} />
        )}
        <Button
          type="submit"
          variant="filled"
          loading={save.isPending}
          disabled={refusal !== null}
          title={refusal ?? undefined}
        >
          {isNew ? 'Add' : 'Save'}
        </Button>
      </div>
    </form>
  )
}

interface CodeFieldsProps extends Pick<CodeFormProps<Draft>, 'draft' | 'set' | 'isNew'> {
  /** Why the code cannot be added. */
  takenFault: string | null
  faults: (field: string) => string | undefined
}

function CodeFields({ draft, set, isNew, takenFault, faults }: CodeFieldsProps) {
  return (
    <>
      <Field
        label="Code"
        value={draft.code}
        readOnly={!isNew}
        maxLength={10}
        hint={isNew ? 'Capital letters, such as LPN. It cannot be changed later.' : undefined}
        fault={takenFault ?? faults('code')}
        onChange={(event) => set({ code: event.currentTarget.value.toUpperCase() })}
      />
      <Field
        label="Name"
        value={draft.name}
        maxLength={100}
        fault={faults('name')}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
    </>
  )
}

interface RemoveProps {
  noun: string
  remove: () => Promise<unknown>
  consequence: string
  refusal: string | null
  onDone: () => Promise<void>
}

function Remove({ noun, remove, consequence, refusal, onDone }: RemoveProps) {
  const action = useMutation({ mutationFn: remove, onSuccess: onDone })
  return <TwoStep label={`Remove the ${noun}`} refusal={refusal} action={action} consequence={consequence} />
}
