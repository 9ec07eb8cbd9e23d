// SPDX-License-Identifier: GPL-3.0-or-later
// The equipment test's network items against a server in a network of its own: names that are not
// found, ports that are blocked, certificates that are wrong, lines that are slow. Exactly the
// right step is named.
#include <doctest/doctest.h>

#include "tests/e2e/equipment.h"
#include "tests/e2e/station.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;

namespace {

void shell(const std::string& line) {
  std::string out;
  const int code = run({"sh", "-c", line + " 2>&1"}, &out);
  INFO(line << "\n" << out);
  REQUIRE(code == 0);
}

// A second host behind a cable: 10.77.0.2, .4 and .5; this one is 10.77.0.1.
class Town {
 public:
  Town() {
    shell(
        "ip netns add town && ip link add street type veth peer name house netns town && "
        "ip addr add 10.77.0.1/24 dev street && ip link set street up && "
        "ip -n town addr add 10.77.0.2/24 dev house && ip -n town addr add 10.77.0.4/24 dev house "
        "&& ip -n town addr add 10.77.0.5/24 dev house && ip -n town link set house up && "
        "ip -n town link set lo up");
  }
  ~Town() {
    servers_.clear();
    run({"sh", "-c", "ip link del street; ip netns del town"});
  }
  Town(const Town&) = delete;
  Town& operator=(const Town&) = delete;

  // `place`: "10.77.0.2:443"; when it is listened to.
  void serve(std::vector<std::string> command, const std::string& place) {
    command.insert(command.begin(), {"ip", "netns", "exec", "town"});
    auto server = Process::start(command, {}, "/dev/null");
    REQUIRE(server);
    INFO(place);
    REQUIRE(wait_until(
        [&] {
          return run({"sh", "-c", "ip netns exec town ss -ltn | grep -q ' " + place + " '"}) == 0;
        },
        10s));
    servers_.push_back(std::move(server));
  }
  void receiver() {
    serve({station_program(), "ingest", "--listen", "rtmp://10.77.0.2:1935/live"},
          "10.77.0.2:1935");
  }

 private:
  std::vector<std::unique_ptr<Process>> servers_;
};

// Nothing to `host` (and `port`) gets out.
void drop(const std::string& host, const std::string& port = "") {
  shell("tc qdisc show dev street | grep -q clsact || tc qdisc add dev street clsact");
  shell("tc filter add dev street egress protocol ip flower ip_proto tcp dst_ip " + host +
        (port.empty() ? "" : " dst_port " + port) + " action drop");
}

std::string destination(const std::string& id, const std::string& url,
                        const std::string& more = "") {
  return R"({"id": ")" + id + R"(", "name": ")" + id + R"(", "kind": "rtmp", "url": ")" + url +
         "\"" + more + "}";
}

std::string event(const std::vector<std::string>& destinations) {
  std::string all;
  for (const auto& d : destinations) all += (all.empty() ? "" : ",\n") + d;
  return R"({"kakehashi_event": 1, "id": "line", "title": "line",
    "inputs": [{"id": "hall", "source": {"kind": "test"}}],
    "scenes": [{"id": "s", "layers": [{"input": "hall"}]}],
    "encode": {"video_kbps": 2500, "audio_kbps": 128},
    "destinations": [)" +
         all + "]}";
}

// A certificate for `name`, signed by the authority of `folder`; "self" signs itself.
void certify(const TempDir& folder, const std::string& file, const std::string& name,
             const std::string& more) {
  const std::string key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
  shell("cd " + folder.path() + " && openssl req " + key + " -subj /CN=" + name + " -keyout " +
        file + ".key -out " + file + ".csr && printf 'subjectAltName=" + name + "' > " + file +
        ".ext" + " && openssl x509 -req -in " + file + ".csr -out " + file + ".pem -extfile " +
        file + ".ext " + more);
}

}  // namespace

TEST_CASE("each destination is told the step at which it is blocked") {
  const TempDir folder;
  shell("cd " + folder.path() +
        " && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=ours "
        "-keyout ca.key -out ca.pem -days 3650");
  const std::string ours = "-CA ca.pem -CAkey ca.key -CAcreateserial ";
  certify(folder, "other", "DNS:elsewhere.example", ours + "-days 30");
  certify(folder, "self", "IP:10.77.0.4", "-signkey self.key -days 30");
  certify(folder, "old", "IP:10.77.0.2", ours + "-days -1");

  Town town;
  town.receiver();
  const auto tls = [&](const std::string& certificate, const std::string& place) {
    town.serve({"openssl", "s_server", "-quiet", "-cert", folder / (certificate + ".pem"), "-key",
                folder / (certificate + ".key"), "-accept", place},
               place);
  };
  tls("self", "10.77.0.4:443");
  tls("other", "10.77.0.2:4432");
  tls("old", "10.77.0.2:4433");
  town.serve({"busybox", "nc", "-ll", "-p", "1936", "-e", "sleep", "1000"}, ".*:1936");
  drop("10.77.0.4", "1935");
  drop("10.77.0.5");
  shell("echo 'nameserver 10.77.0.5' > /etc/resolv.conf");  // no answer from there
  const std::string trusted = R"(, "ca_file": ")" + folder / "ca.pem" + "\"";

  const Items items =
      equip_test({.event = event({destination("good", "rtmp://10.77.0.2/live"),
                                  destination("blocked", "rtmp://10.77.0.4/live"),
                                  destination("walled", "rtmp://10.77.0.5/live"),
                                  destination("closed", "rtmp://10.77.0.2:1999/live"),
                                  destination("nowhere", "rtmp://10.99.0.1/live"),
                                  destination("nameless", "rtmp://stream.example.jp/live"),
                                  destination("mute", "rtmp://10.77.0.2:1936/live"),
                                  destination("looked_into", "rtmps://10.77.0.4:443/live", trusted),
                                  destination("other", "rtmps://10.77.0.2:4432/live", trusted),
                                  destination("old", "rtmps://10.77.0.2:4433/live", trusted)}),
                  .only = {"network"}});
  const auto fails = [&](const std::string& id, const std::string& words) {
    REQUIRE(items.contains("network." + id));
    says(items.at("network." + id), Verdict::Fail, words);
  };
  passes(items.at("network.good"));
  fails("blocked", "Port 1935 is blocked on this network (443 is open).");
  CHECK(items.at("network.blocked").action.en ==
        "Use the destination's RTMPS address (rtmps://, port 443).");
  fails("walled", "Neither port 1935 nor 443 gets through: the network blocks them.");
  fails("closed", "The server was found but does not listen.");
  fails("nowhere", "The network does not reach the server.");
  fails("nameless", "The server's name was not found.");
  fails("mute", "Port 1936 connects but nothing answers: something on the way stops streams.");
  fails("looked_into",
        "The certificate cannot be verified: something on the way seems to look into the "
        "connection.");
  fails("other", "The certificate belongs to another server.");
  fails("old", "The server's certificate has expired, or this PC's clock is ahead.");
}

TEST_CASE("the speed of the line against what the event needs") {
  const std::string wish = event({destination("main", "rtmp://10.77.0.2/live")});
  struct Row {
    std::string mbit;
    Verdict verdict;
    std::string words;
  };
  for (const Row& row :
       {Row{"20", Verdict::Pass, ""},
        Row{"4", Verdict::Caution,
            "The line has little to spare (twice what is needed is wanted)."},
        Row{"2", Verdict::Fail, "This line is too slow for the picture quality that is set."}}) {
    CAPTURE(row.mbit);
    Town town;
    town.receiver();
    shell("tc qdisc replace dev street root tbf rate " + row.mbit + "mbit burst 32k latency 300ms");
    const Items items =
        equip_test({.event = wish,
                    .only = {"network"},
                    .environment = {{"KAKEHASHI_TEST_SERVER", "rtmp://10.77.0.2/live/line-test"}}});
    const EquipmentItem& line = items.at("network.upload");
    MESSAGE(row.mbit << " Mbit/s: " << line.found.ja << " " << figure(line, "upload_kbps")
                     << " kbps, worst second " << figure(line, "worst_second_kbps"));
    CHECK(line.found.ja.find("必要の") != std::string::npos);
    passes(items.at("network.main"));
    if (row.verdict == Verdict::Pass) {
      passes(line);
      continue;
    }
    says(line, row.verdict, row.words);
    CHECK(figure(line, "upload_kbps") < std::stod(row.mbit) * 1000);
    CHECK(figure(line, "upload_kbps") > std::stod(row.mbit) * 850);
  }
}
