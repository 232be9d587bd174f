import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { fspOperations } from '../../../../schemas/fsp/operations.ts'
import type { RegisterName } from '../../../../schemas/fsp/registers/index.ts'
import { FileUpload, Flaws } from '../../../shared/components/file-upload.tsx'
import { Notice, ProblemNotice } from '../../../shared/components/notice.tsx'
import { Section, Stack } from '../../../shared/components/page.tsx'
import { count } from '../../../shared/format/power.ts'
import { ApiProblem, api } from '../../api.ts'
import { useRegisterRefusal } from './access.ts'
import { memberWords } from './words.ts'

/** A register from a CSV file: checked first, and stored only when every row is right. */
export function RegisterFile({ name }: { name: RegisterName }) {
  const queries = useQueryClient()
  const refusal = useRegisterRefusal(name)
  const [file, setFile] = useState<File | null>(null)
  const send = useMutation({
    mutationFn: async ({ body, dryRun }: { body: File; dryRun: boolean }) => {
      const query = { dryRun: dryRun ? ('true' as const) : ('false' as const) }
      const counts = await api.call(fspOperations.registers[name].importFile, { query, body })
      return { ...counts, dryRun }
    },
    onSuccess: ({ dryRun }) => (dryRun ? undefined : queries.invalidateQueries({ queryKey: ['register', name] })),
  })
  const { data } = send
  const words = data && `${data.created} new, ${data.changed} changed, ${data.same} as they are`
  return (
    <Section title="From a file">
      <Stack>
        <p>
          The file has the form of the one that can be downloaded. It is checked as a whole: with any error nothing is
          stored. What is not in the file stays as it is.
        </p>
        <FileUpload
          label="CSV file of the register"
          file={file}
          onFile={(chosen) => {
            setFile(chosen)
            send.reset()
          }}
          refusal={refusal}
          isPending={send.isPending}
          upload={(dryRun) => file && send.mutate({ body: file, dryRun })}
          checked={data?.dryRun && words ? words : null}
        />
        {data && !data.dryRun && <Notice title={`Imported: ${count(data.rows, 'row')}`}>{words}</Notice>}
        {send.isError && <Refused error={send.error} />}
      </Stack>
    </Section>
  )
}

/** What is wrong with a file, line by line; anything else as it is. */
function Refused({ error }: { error: Error }) {
  const errors = error instanceof ApiProblem ? (error.problem.errors ?? []) : []
  const flaws = errors.flatMap(({ field, message }) => {
    const [, line, member = ''] = /^line (\d+)(?:, (.+))?$/.exec(field) ?? []
    return line === undefined ? [] : [{ line: Number(line), field: member && memberWords(member), message }]
  })
  if (flaws.length === 0) return <ProblemNotice error={error} />
  return <Flaws flaws={flaws} flawCount={flaws.length} />
}
