import { Button, Modal, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { operations } from '../../../../schemas/operations.ts'
import type { LoadForecast, LoadForecastValues } from '../../../../schemas/planning/load.ts'
import type { Resolution } from '../../../../schemas/vocabulary/units.ts'
import { api } from '../../../shared/api/client.ts'
import { Choice, Fields } from '../../../shared/components/fields.tsx'
import { ProblemNotice } from '../../../shared/components/notice.tsx'
import { dayInWords } from '../../../shared/format/time.ts'
import { loadForecastQuery } from '../../grid-queries.ts'
import { useRefusal } from '../../session.ts'
import styles from '../targets/targets.module.css'
import { readTyped } from './typed-forecast.ts'

/** The button, and behind it the form, that states the expected load of a node on one day. */
export function EnterForecast({ nodeId, day, present }: { nodeId: string; day: string; present: LoadForecast }) {
  const [isOpen, setOpen] = useState(false)
  const refusal = useRefusal('planner', 'flexibility-engineer')
  return (
    <>
      <Button disabled={refusal !== null} title={refusal ?? undefined} onClick={() => setOpen(true)}>
        Enter this day’s load
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title={`Expected load on ${dayInWords(day)}`} size={560}>
        {isOpen && <Form nodeId={nodeId} day={day} present={present} onDone={() => setOpen(false)} />}
      </Modal>
    </>
  )
}

interface FormProps {
  nodeId: string
  day: string
  /** What was entered or uploaded before, which the form begins with if it has every period. */
  present: LoadForecast
  onDone: () => void
}

function Form({ nodeId, day, present, onDone }: FormProps) {
  const [resolution, setResolution] = useState<Resolution>(present.resolution)
  const [text, setText] = useState(() => textOf(present))
  const [tried, setTried] = useState(false)
  const queries = useQueryClient()
  const save = useMutation({
    mutationFn: (body: LoadForecastValues) => api.call(operations.saveLoadForecast, { params: { nodeId, day }, body }),
    async onSuccess() {
      await queries.invalidateQueries({ queryKey: loadForecastQuery(nodeId, day).queryKey })
      await queries.invalidateQueries({ queryKey: ['own-forecast', 'node', nodeId] })
      onDone()
    },
  })
  const { body, fault } = readTyped({ day, resolution, text })
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (body) save.mutate(body)
  }
  return (
    <form className={styles.form} onSubmit={onSubmit} noValidate>
      <p>
        It counts at once, in place of the server’s own forecast of this day: needs for products B and C, and limits
        that follow the headroom, are worked out from it.
      </p>
      <Fields>
        <Choice
          label="Periods"
          value={resolution}
          onChange={(event) => setResolution(event.currentTarget.value as Resolution)}
        >
          <option value="PT15M">quarter-hours</option>
          <option value="PT30M">half-hours</option>
        </Choice>
      </Fields>
      <Textarea
        size="sm"
        label="Mean load in kW, one per period from midnight"
        description="As copied from a column or a row of a spreadsheet; one value alone stands for the whole day."
        autosize
        minRows={6}
        maxRows={14}
        spellCheck={false}
        value={text}
        error={tried ? fault : null}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {save.isError && <ProblemNotice error={save.error} />}
      <div className={styles.actions}>
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" variant="filled" loading={save.isPending}>
          Save, in force at once
        </Button>
      </div>
    </form>
  )
}

function textOf({ values }: LoadForecast): string {
  return values.includes(null) ? '' : values.map((watts) => (watts ?? 0) / 1_000).join('\n')
}
