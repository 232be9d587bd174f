import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { useRefusal } from '../../session.ts'
import { UploadFile } from './upload-file.tsx'
import { WeatherOfDay } from './weather-of-day.tsx'

/** Uploads the weather of licence areas, which the server’s own forecasts learn from, and shows what is known of it. */
export function Weather() {
  return (
    <UploadFile
      subject="weather"
      columns="area, period_start, temperature_c, radiation_w_m2, wind_speed_m_s, cloud_percent"
      refusal={useRefusal('planner', 'flexibility-engineer')}
      hasLoads={false}
      hasStamp={false}
      present={<WeatherOfDay />}
      send={async (body, { zone }, dryRun) => {
        const query = { zone, dryRun: dryRun ? ('true' as const) : ('false' as const) }
        const { stored, rows = stored } = await api.call(operations.uploadWeather, { query, body })
        return { rows }
      }}
    >
      <p>
        A CSV file with an hour or half-hour of a licence area in each row, measured or forecast. It replaces what was
        uploaded before for the same times. Upload the two days ahead as well: without them the server’s forecasts use
        the calendar alone. If any row has an error, nothing is stored.
      </p>
    </UploadFile>
  )
}
