CREATE TABLE "hub_former_holder" (
	"hub_id" uuid NOT NULL,
	"epoch" integer NOT NULL,
	"gateway_id" text NOT NULL,
	"ended_at" timestamp with time zone NOT NULL,
	CONSTRAINT "hub_former_holder_hub_id_epoch_pk" PRIMARY KEY("hub_id","epoch")
);
--> statement-breakpoint
CREATE TABLE "gateway_pool" (
	"name" text PRIMARY KEY NOT NULL,
	"lease_s" integer NOT NULL,
	"gateways" jsonb NOT NULL,
	"revision" bigint DEFAULT nextval('assignment_revision') NOT NULL
);
--> statement-breakpoint
CREATE TABLE "gateway_shard" (
	"pool" text NOT NULL,
	"shard" smallint NOT NULL,
	"gateway_id" text,
	"lease_until" timestamp with time zone,
	CONSTRAINT "gateway_shard_pool_shard_pk" PRIMARY KEY("pool","shard")
);
--> statement-breakpoint
ALTER TABLE "gateway_contact" ADD COLUMN "asked_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "gateway_contact" ADD COLUMN "report" jsonb;--> statement-breakpoint
ALTER TABLE "hub" ADD COLUMN "pool" text;--> statement-breakpoint
ALTER TABLE "hub" ADD COLUMN "shard" smallint;--> statement-breakpoint
ALTER TABLE "hub" ADD COLUMN "epoch" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "gateway_shard" ADD CONSTRAINT "gateway_shard_pool_gateway_pool_name_fk" FOREIGN KEY ("pool") REFERENCES "public"."gateway_pool"("name") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "hub_former_holder_age" ON "hub_former_holder" USING btree ("ended_at");--> statement-breakpoint
ALTER TABLE "hub" ADD CONSTRAINT "hub_pool_gateway_pool_name_fk" FOREIGN KEY ("pool") REFERENCES "public"."gateway_pool"("name") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "hub_shard" ON "hub" USING btree ("pool","shard");--> statement-breakpoint
ALTER TABLE "hub" ADD CONSTRAINT "hub_pool" CHECK ((pool is null) = (shard is null));