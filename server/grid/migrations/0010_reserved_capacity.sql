ALTER TABLE "network_node" ADD COLUMN "reserved_for" text;--> statement-breakpoint
ALTER TABLE "network_node" ADD COLUMN "reserved_kva" double precision;