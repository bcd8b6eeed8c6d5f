// Transforms as a user sets them: from the simulated engine into CSV files, compared with what the app was loaded from.
#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "tests/integration/harness.hpp"

namespace qonduit::integration {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const std::string kKey = "a key that is long enough to be one";

// The lines of a source file as maps by column.
std::vector<std::map<std::string, std::string>> source(const std::string& file) {
  std::vector<std::map<std::string, std::string>> rows;
  const auto lines = read_csv(demo_app() / file);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    auto& row = rows.emplace_back();
    for (std::size_t k = 0; k < lines[0].size(); ++k) row[lines[0][k].text] = lines[i][k].text;
  }
  return rows;
}

std::map<std::string, std::string> by_key(const std::string& file, const std::string& key, const std::string& value) {
  std::map<std::string, std::string> values;
  for (auto& row : source(file)) values[row[key]] = row[value];
  return values;
}

Poco::JSON::Object::Ptr first_dataset(const Outcome& outcome) {
  const auto runs = Poco::JSON::Parser().parse(outcome.out).extract<Poco::JSON::Array::Ptr>();
  return runs->getObject(0)->getArray("datasets")->getObject(0);
}

// The last four code points of a name.
std::string tail_of(const std::string& name) {
  std::size_t begin = name.size();
  for (int points = 0; points < 4; ++points) {
    while ((static_cast<unsigned char>(name.at(--begin)) & 0xC0) == 0x80) {
    }
  }
  return name.substr(begin);
}

// What the rules below leave of the orders, worked out from the files the app was loaded from; a row by its order.
std::map<std::string, std::vector<std::string>> expected_orders() {
  const auto customers = by_key("customers.csv", "CustomerID", "Customer");
  auto products = by_key("products.csv", "ProductID", "Product");
  for (auto& [id, product] : products) product = "****" + tail_of(product);
  std::map<std::string, std::vector<std::string>> expected;
  for (auto& row : source("sales.csv")) {
    const auto discount = row["Discount"].empty() ? "0" : row["Discount"];
    const bool kept = std::stoi(row["Quantity"]) >= 8 && (row["Channel"] == "Phone" || row["Channel"] == "Store") &&
                      row["Order Date"] >= "2023-06-15" && std::stod(discount) < 0.1;
    if (kept)
      expected[row["OrderID"]] = {row["Order Date"] + "T00:00:00", row["Quantity"], discount, customers.at(row["CustomerID"]),
                                  products[row["ProductID"]]};
  }
  return expected;
}

class Transforms : public ::testing::Test {
 protected:
  Transforms() {
    host_.set("pipeline.p.objects", "sheet:Orders/*");
    host_.set("pipeline.p.mask-key", "${file:" + host_.folder().write("mask.key", kKey).string() + "}");
    EXPECT_EQ(run({"/bin/chmod", "600", (host_.folder().path() / "mask.key").string()}).exit_code, 0);
  }
  Host& set_all() {
    return host_.set("pipeline.p.constant.Batch", "7")
        .set("pipeline.p.type.Batch", "int64")
        .set("pipeline.p.type.Order Date", "timestamp")
        .set("pipeline.p.null.Discount", "0")
        .set("pipeline.p.filter",
             "Quantity >= 8 and Channel in (\"Phone\", 'Store') and [Order Date] >= 2023-06-15 and not Discount >= 0.1")
        .set("pipeline.p.mask.Customer", "hash")
        .set("pipeline.p.mask.Product", "last4")
        .set("pipeline.p.object.table-orders.columns",
             "OrderID as order, Batch, \"Order Date\" as moment, Quantity, Discount, Customer, *, !Shipped At");
  }
  // OpenSSL's own idea of the hash.
  std::string hash_of(const std::string& text) {
    const auto file = host_.folder().write("text", text);
    const auto made = run({"/usr/bin/env", "openssl", "dgst", "-sha256", "-hmac", kKey, file.string()});
    return made.out.substr(made.out.find("= ") + 2, 32);
  }

  Host host_{demo_engine().url()};
  const std::string csv_ = "Consumer Sales/Orders/Orders.csv";
};

TEST_F(Transforms, DeliverWhatTheSourceSaysTheyShould) {
  const auto outcome = set_all().run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err << outcome.out;
  const auto expected = expected_orders();
  ASSERT_GT(expected.size(), 1000u);
  const auto delivered = read_csv(host_.out() / csv_);
  ASSERT_EQ(delivered.size(), expected.size() + 1);
  std::vector<std::string> header;
  for (const auto& field : delivered[0]) header.push_back(field.text);
  EXPECT_EQ(header,
            (std::vector<std::string>{"order", "Batch", "moment", "Quantity", "Discount", "Customer", "Product", "Channel", "Amount"}));
  std::map<std::string, std::string> hashes;
  for (std::size_t i = 1; i < delivered.size(); ++i) {
    const auto& row = delivered[i];
    const auto& order = expected.at(row[0].text);
    ASSERT_EQ(row[1].text, "7");
    ASSERT_EQ(row[2].text, order[0]);
    ASSERT_EQ(row[3].text, order[1]);
    ASSERT_EQ(std::stod(row[4].text), std::stod(order[2]));
    const auto [known, fresh] = hashes.emplace(order[3], row[5].text);
    ASSERT_EQ(row[5].text, known->second) << "one customer has one hash";
    ASSERT_EQ(row[6].text, order[4]);
  }
  EXPECT_EQ(hashes.begin()->second, hash_of(hashes.begin()->first));
  const auto report = first_dataset(outcome);
  EXPECT_EQ(report->getValue<std::size_t>("rows"), expected.size());
  EXPECT_EQ(report->getValue<std::size_t>("rows_filtered"), 50'000 - expected.size());
  EXPECT_EQ(report->getValue<int>("columns"), 9);
}

TEST_F(Transforms, LeaveNoMaskedValueAnywhere) {
  const auto outcome = set_all().set("logging.level", "trace").run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  host_.set("pipeline.p.type.Customer", "int64");
  const auto failed = host_.run();
  EXPECT_EQ(failed.exit_code, 1);
  EXPECT_THAT(failed.out, HasSubstr("column 'Customer', row"));
  std::string everything = outcome.out + outcome.err + failed.out + failed.err;
  for (const auto& file : host_.files()) everything += read_text(host_.out() / file);
  ASSERT_THAT(host_.files(), Contains(csv_ + ".manifest.json"));
  for (auto& customer : source("customers.csv")) {
    const auto& name = customer["Customer"];
    ASSERT_EQ(everything.find(name.substr(0, name.rfind(' '))), std::string::npos) << name;
  }
  EXPECT_EQ(everything.find(kKey), std::string::npos);
}

TEST_F(Transforms, StopBeforeAnythingIsDeliveredWhereAMaskIsMisspelt) {
  const auto outcome = host_.set("pipeline.p.mask.Custmer", "redact").run();
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.out, HasSubstr("pipeline.p.mask.Custmer: there is no column 'Custmer' (did you mean 'Customer'?)"));
  EXPECT_THAT(host_.files(), IsEmpty());
}

TEST_F(Transforms, StopBeforeAnythingIsReadWhereAnObjectIsMisspelt) {
  const auto outcome = host_.set("pipeline.p.object.Ordres.mask.Customer", "redact").run();
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.out, HasSubstr("reads no object 'Ordres' (did you mean 'Orders'?)"));
  EXPECT_THAT(host_.files(), IsEmpty());
}

TEST_F(Transforms, AreCheckedOffline) {
  host_.set("pipeline.p.filter", "Sales == 1").set("pipeline.p.mask.Customer", "hsh").set("pipeline.p.colums", "a");
  const auto outcome = host_.run({"check"});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.out + outcome.err, HasSubstr("did you mean 'columns'?"));
  const auto rules = host_.set("pipeline.p.colums", "").run({"check"});
  EXPECT_EQ(rules.exit_code, 3);
  EXPECT_THAT(rules.out + rules.err, HasSubstr("pipeline.p.filter: at character 7: '==' is written = here"));
  EXPECT_THAT(rules.out + rules.err, HasSubstr("pipeline.p.mask.Customer: 'hsh' is unknown (did you mean 'hash'?)"));
}

TEST_F(Transforms, ReachTheAdapterWithDuals) {
  host_.set("pipeline.p.dual.Amount", "number")
      .set("pipeline.p.object.Orders.dual.Amount", "both")
      .set("pipeline.p.columns", "Amount, Amount_text");
  const auto outcome = host_.run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err << outcome.out;
  const auto rows = read_csv(host_.out() / csv_);
  EXPECT_EQ(rows[0][1].text, "Amount_text");
  EXPECT_THAT(rows[1][1].text, HasSubstr("$"));
  EXPECT_THAT(rows[1][0].text, Not(HasSubstr("$")));
}

TEST_F(Transforms, NoteWhereAnOptionalRuleFoundNoColumn) {
  host_.set("pipeline.p.mask?.Customer", "redact");
  const auto outcome = host_.set("pipeline.p.objects", "object:table-customers, object:table-products").run();
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err << outcome.out;
  EXPECT_THAT(outcome.out, HasSubstr("mask?.Customer: there is no column 'Customer' here"));
  const auto rows = read_csv(host_.out() / "Consumer Sales/Customers & Products/Customers.csv");
  EXPECT_EQ(rows[0][0].text, "Customer");
  for (std::size_t i = 1; i < rows.size(); ++i) ASSERT_EQ(rows[i][0].text, "***");
}

}  // namespace
}  // namespace qonduit::integration
