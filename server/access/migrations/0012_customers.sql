CREATE TABLE "customer" (
	"customer_id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text,
	"revision" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "customer_name_unique" UNIQUE("name")
);
--> statement-breakpoint
ALTER TABLE "account" ADD COLUMN "customer_id" uuid;--> statement-breakpoint
ALTER TABLE "account" ADD CONSTRAINT "account_customer_id_customer_customer_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customer"("customer_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account" ADD CONSTRAINT "account_customer_alone" CHECK (("account"."customer_id" is not null) = ("account"."roles" = '["customer"]'::jsonb));