DROP INDEX "alarm_open";--> statement-breakpoint
CREATE UNIQUE INDEX "alarm_open" ON "alarm" USING btree ("kind","source_id","source_type") WHERE state <> 'closed';