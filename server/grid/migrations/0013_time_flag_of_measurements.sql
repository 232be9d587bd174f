-- The table is partitioned, so drizzle-kit does not know it. The column is empty where nothing is wrong: it costs a bit of the null map.
ALTER TABLE "measurement" ADD COLUMN "time_flag" "time_flag";
