-- The key contains what the table can be distributed by, and serves what the index did.
DROP INDEX "hub_event_hub";--> statement-breakpoint
ALTER TABLE "hub_event" DROP CONSTRAINT "hub_event_pkey";--> statement-breakpoint
ALTER TABLE "hub_event" ADD CONSTRAINT "hub_event_hub_id_event_id_pk" PRIMARY KEY("hub_id","event_id");
